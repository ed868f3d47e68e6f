import { createHash } from "node:crypto";
import type { EntityMachine, EntityType } from "../../blueprint/entity/schema";
import { fill } from "../../blueprint/entity/template";
import type { SetupFile, SetupStep, SetupVerify } from "../../providers/machine/setup-inputs";
import { shellQuote } from "../../providers/machine/shell-quote";
import { environmentFile } from "./environment-file";
import { RESTART_IF_CHANGED } from "./machine-steps";
import { SHELL_FUNCTIONS } from "./shell-functions";
import { unitText } from "./unit";

const UNITS = "/etc/systemd/system";
const OK = "ok";

/** Software as a machine is to have it; every value is known. */
export interface MachineSoftware {
  readonly entity: EntityType;
  /** The entity's keys, `install.version` and `download.url` among them, with their values. */
  readonly settings: Readonly<Record<string, string>>;
  /** True: exactly `install.version`. False: what the distribution has. */
  readonly asksForVersion: boolean;
  /** IPv4 address of the machine's own interface, where others reach it. */
  readonly address: string;
}

/**
 * Files of software on a Debian or Ubuntu machine: its own, its environment and its unit, or what is added to the distribution's.
 * @throws Error if a file of the entity names a key that it does not have.
 */
export function softwareFiles(software: MachineSoftware, environment: Readonly<Record<string, string>>): SetupFile[] {
  const { entity } = software;
  const { files, unit } = machineOf(entity);
  const values = valuesOf(software);
  const paths = pathsOf(software);
  const own = files.map(({ path, mode, content }) => ({
    path: fill(path, values),
    content: fill(content, values),
    ...(mode !== undefined && { mode }),
  }));
  const text = unit
    ? unitText(filledUnit(unit, values), {
        name: paths.name,
        description: nameOf(software),
        environmentFile: paths.environment,
        ports: portsOf(software),
      })
    : `# Written by Clocker; changes are undone.\n[Service]\nEnvironmentFile=${paths.environment}\nRestart=on-failure\nRestartSec=1\n`;
  return [
    ...own,
    { path: paths.environment, content: environmentFile(environment), mode: "0600" },
    ...(hasUnit(software) ? [{ path: paths.unitFile, content: text }] : []),
  ];
}

/** What installs, starts and verifies it once its files are there. */
export function softwareProcedure(software: MachineSoftware): { steps: SetupStep[]; verify: SetupVerify } {
  const { customize, populate, check } = machineOf(software.entity);
  const prelude = preludeOf(software);
  const what = nameOf(software);
  const customizing = around("customize", customize === undefined ? [] : [customize], software).join("\n");
  return {
    steps: [
      { name: `install ${what}`, script: installScript(software, prelude) },
      ...(customizing === "" ? [] : [{ name: `customize ${what}`, script: `${prelude}\n${customizing}` }]),
      { name: `start ${what}`, script: startScript(software, `${prelude}\n${checkFunction(check)}`) },
      ...(populate === undefined ? [] : [{ name: `populate ${what}`, script: `${prelude}\n${populate}` }]),
    ],
    verify: { script: verifyScript(software, `${prelude}\n${checkFunction(check)}`), expect: OK },
  };
}

function installScript(software: MachineSoftware, prelude: string): string {
  const { packages, archive, install, unit: ownUnit } = machineOf(software.entity);
  const { unit, name } = pathsOf(software);
  const user = `id ${name} >/dev/null 2>&1 ||
  useradd --system --user-group --no-create-home --home-dir /var/lib/${name} --shell /usr/sbin/nologin ${name}
`;
  const byArchive = archive === undefined ? [] : [archiveScript(software, archive)];
  const byPackages = packages.length === 0 ? [] : [packagesScript(software, packages)];
  return `${prelude}
mkdir -p "$WORK" /var/lib/clocker
# What a killed run has built is built on.
trap clean_up EXIT
# Another type's software may run here from before.
before=$(cat /var/lib/clocker/software 2>/dev/null || true)
if [ -n "$before" ] && [ "$before" != ${unit} ]; then systemctl disable --now "$before" 2>/dev/null || true; fi
echo ${unit} >/var/lib/clocker/software
${ownUnit && !ownUnit.root ? user : ""}${around("install", [...byPackages, ...byArchive, ...(install === undefined ? [] : [install])], software).join("\n")}`;
}

/** What the type does in a phase between the user's own commands, each of which runs once. */
function around(phase: string, own: readonly string[], software: MachineSoftware): readonly string[] {
  const command = (when: string) => {
    const name = `${when}.${phase}`;
    return software.settings[`${name}.command`] ? [`once ${name} "$${variableOf(`${name}.command`)}"`] : [];
  };
  // In a shell of its own: it may end before the phase does.
  return [...command("pre"), ...own.map((script) => `(\n${script}\n)`), ...command("post")];
}

/** Where a version is asked for, the distribution has to have it: of `8.0` the packages 8.0, 8.0.1 and so on. */
function packagesScript({ entity, asksForVersion }: MachineSoftware, packages: readonly string[]): string {
  const { archive } = machineOf(entity);
  const [first = ""] = packages;
  const check = `is_packaged ${first} ||
  fail "install.version is $INSTALL_VERSION, but the distribution's package ${first} is \${found:-of no known version}: set install.version to that, or remove it"
`;
  return `${asksForVersion && archive === undefined ? check : ""}install_packages ${packages.join(" ")}`;
}

function archiveScript(software: MachineSoftware, archive: string): string {
  const url = software.settings["download.url"] || fill(archive, valuesOf(software));
  return `unpack_to_prefix ${shellQuote(url)}`;
}

function startScript(software: MachineSoftware, prelude: string): string {
  const { watch, files } = machineOf(software.entity);
  const { unit, unitFile, environment } = pathsOf(software);
  const values = valuesOf(software);
  const watched = [...files.map(({ path }) => path), ...watch].map((path) => fill(path, values));
  const start = `systemctl daemon-reload
restart_if_changed ${unit} ${[environment, unitFile, ...watched].map(shellQuote).join(" ")}`;
  const keepsRunning = hasUnit(software);
  const wait = `for attempt in $(seq 600); do
  if problem=$( (check) 2>&1 ); then
    rm -rf "$WORK"
    for old in /opt/clocker/"$NAME"-*; do [ "$old" = "$PREFIX" ] || rm -rf "$old"; done
    exit 0
  fi
  ${keepsRunning ? `if [ "$(systemctl is-active ${unit})" = failed ]; then break; fi` : ":"}
  sleep 1
done
echo "$TITLE does not answer: $problem" >&2
${keepsRunning ? `journalctl --no-pager --lines 15 --output cat --unit ${unit} >&2` : ":"}
exit 1`;
  const launch = around("launch", [...(keepsRunning ? [start] : []), wait], software);
  return [prelude, RESTART_IF_CHANGED, ...launch].join("\n");
}

function verifyScript(software: MachineSoftware, prelude: string): string {
  const { unit } = pathsOf(software);
  return `${prelude}
state=${hasUnit(software) ? `$(systemctl is-active ${unit} || true)` : "active"}
if [ "$state" != active ]; then
  echo "${unit} $state"
elif problem=$( (check) 2>&1 ); then
  echo ${OK}
else
  echo "\${problem:-no answer}"
fi`;
}

/** Where none is asked for, the distribution's version is not known here. */
function nameOf({ entity, settings, asksForVersion }: MachineSoftware): string {
  return asksForVersion ? `${entity.title} ${settings["install.version"]}` : entity.title;
}

function checkFunction(check: string): string {
  return `check() {\n${check}\n}`;
}

/** The settings as variables of the shell, e.g. `$REDIS_PORT`, with where things lie, and the functions. */
function preludeOf(software: MachineSoftware): string {
  const { entity, settings, asksForVersion, address } = software;
  const { prefix, work, name: unit } = pathsOf(software);
  const variables = {
    TITLE: entity.title,
    NAME: entity.id,
    PREFIX: prefix,
    WORK: work,
    UNIT: unit,
    ADDRESS: address,
    ASKED_VERSION: asksForVersion ? (settings["install.version"] ?? "") : "",
    ...Object.fromEntries(Object.entries(calledSettings(software)).map(([key, value]) => [variableOf(key), value])),
  };
  const assignments = Object.entries(variables).map(([name, value]) => `${name}=${shellQuote(value)}`);
  return `${assignments.join("\n")}\n${SHELL_FUNCTIONS}`;
}

function variableOf(key: string): string {
  return key.replace(/\W/g, "_").toUpperCase();
}

function hasUnit({ entity }: MachineSoftware): boolean {
  const { unit, service } = machineOf(entity);
  return unit !== undefined || service !== undefined;
}

/** What templates may name. */
function valuesOf(software: MachineSoftware): Readonly<Record<string, string>> {
  const { prefix, name: unit } = pathsOf(software);
  return { ...calledSettings(software), address: software.address, prefix, unit };
}

/** The settings by what files and scripts call them. */
function calledSettings({ entity, settings }: MachineSoftware): Readonly<Record<string, string>> {
  const calls = new Map(entity.parameters.map(({ name, as }) => [name, as ?? name]));
  return Object.fromEntries(Object.entries(settings).map(([key, value]) => [calls.get(key) ?? key, value]));
}

function pathsOf({ entity, settings }: MachineSoftware) {
  const name = `${entity.id}-clocker`;
  const { service } = machineOf(entity);
  const version = (settings["install.version"] ?? "").replace(/[^\w.-]/g, "_");
  const origin = `${entity.id} ${settings["install.version"]} ${settings["download.url"]}`;
  const unit = `${service ?? name}.service`;
  return {
    name,
    unit,
    unitFile: service === undefined ? `${UNITS}/${unit}` : `${UNITS}/${unit}.d/clocker.conf`,
    environment: `/etc/${name}/environment`,
    prefix: `/opt/clocker/${entity.id}-${version}`,
    work: `/opt/clocker/build/${createHash("sha256").update(origin).digest("hex").slice(0, 12)}`,
  };
}

function portsOf({ entity, settings }: MachineSoftware): readonly number[] {
  return entity.parameters.filter(({ type }) => type === "port").map(({ name }) => Number(settings[name]));
}

function filledUnit(unit: NonNullable<EntityMachine["unit"]>, values: Readonly<Record<string, string>>): typeof unit {
  const own = (text: string | undefined) => (text === undefined ? undefined : fill(text, values));
  const [exec = "", prepare, stop, workingDirectory] = [unit.exec, unit.prepare, unit.stop, unit.workingDirectory].map(
    own,
  );
  const environment = Object.fromEntries(
    Object.entries(unit.environment).map(([key, value]) => [key, fill(value, values)]),
  );
  return {
    ...unit,
    exec,
    environment,
    ...(prepare !== undefined && { prepare }),
    ...(stop !== undefined && { stop }),
    ...(workingDirectory !== undefined && { workingDirectory }),
  };
}

function machineOf({ id, machine }: EntityType): EntityMachine {
  if (machine === undefined) throw new Error(`entity type '${id}' does not run on machines`);
  return machine;
}
