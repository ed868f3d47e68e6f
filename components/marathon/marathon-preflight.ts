import type { Diagnostic } from "../../blueprint/model";
import type { Plan } from "../../placement/model";
import { checkMarathon, type MarathonCheck } from "../../providers/marathon/preflight";
import type { Framework } from "../../providers/mesos/api";
import type { MesosCluster } from "../../providers/mesos/cluster";
import { MesosError } from "../../providers/mesos/error";
import { addressOf } from "../../providers/mesos/framework";
import { checkMesos } from "../../providers/mesos/preflight";
import { configPath, settingsProblem } from "../../settings/problem";
import type { MarathonLocation } from "../../settings/schema";
import { listNames } from "../../wording/names";

export interface MarathonPreflight {
  readonly diagnostics: readonly Diagnostic[];
  /** The Mesos cluster, if the location has masters that were asked. */
  readonly cluster?: MesosCluster;
}

/** Whether Marathon is found, answers and takes the credentials. */
export async function marathonPreflight(
  location: string,
  settings: MarathonLocation,
  plan: Plan,
): Promise<MarathonPreflight> {
  if (!plan.services.some((placed) => placed.location === location)) return { diagnostics: [] };
  const masters = settings.type === "mesos" ? settings.masters : undefined;
  if (masters === undefined) return { diagnostics: await marathonProblems(location, settings, undefined) };
  const { error, warnings, cluster, framework } = await checkMesos({ ...settings, masters });
  const diagnostics = [
    ...warnings.map((warning) => mesosProblem("warning", location, warning)),
    ...(error === undefined
      ? await marathonProblems(location, settings, framework)
      : [mesosProblem("error", location, error)]),
    ...(cluster ? agentProblems(location, settings, cluster) : []),
  ];
  return { diagnostics, ...(cluster && { cluster }) };
}

async function marathonProblems(
  location: string,
  { url, auth, ca }: MarathonLocation,
  framework: Framework | undefined,
): Promise<readonly Diagnostic[]> {
  try {
    const urls = url === undefined && framework !== undefined ? addressOf(framework) : (url ?? []);
    const checked = await checkMarathon({ url: urls, ...(auth && { auth }), ...(ca !== undefined && { ca }) });
    return checked.ok
      ? [...anotherFramework(location, checked, framework, urls), ...unusedAddresses(location, checked)]
      : [marathonProblem(location, checked, urls, url === undefined)];
  } catch (error) {
    if (error instanceof MesosError) return [mesosProblem("error", location, error)];
    throw error;
  }
}

function marathonProblem(
  location: string,
  { kind, problem, remedy, setting }: MarathonCheck & { readonly ok: false },
  urls: string | readonly string[],
  found: boolean,
): Diagnostic {
  const where = [urls].flat().join(", ");
  return settingsProblem(
    "error",
    kind,
    configPath(["locations", location, setting]),
    `location '${location}' (${where}${found ? ", as Marathon tells Mesos" : ""}): ${problem}`,
    found && setting === "url" ? `${remedy}; if Marathon is reached at another address, write that as url` : remedy,
  );
}

/** Masters that do not answer are no problem as long as one does. */
function unusedAddresses(location: string, { others }: MarathonCheck & { readonly ok: true }): Diagnostic[] {
  return others.map(({ kind, problem, remedy, setting }) =>
    settingsProblem(
      "warning",
      kind,
      configPath(["locations", location, setting]),
      `location '${location}': ${problem}; another of its addresses answers`,
      remedy,
    ),
  );
}

/** Apps would go to a Marathon whose tasks run on other agents than those of the masters. */
function anotherFramework(
  location: string,
  { frameworkId }: MarathonCheck & { readonly ok: true },
  framework: Framework | undefined,
  urls: string | readonly string[],
): Diagnostic[] {
  if (framework === undefined || frameworkId === framework.id) return [];
  return [
    settingsProblem(
      "error",
      "other-marathon",
      configPath(["locations", location, "url"]),
      `location '${location}' (${[urls].flat().join(", ")}): that Marathon is framework ${frameworkId ?? "of no id yet"}, but '${framework.name}' of the Mesos masters is ${framework.id}`,
      "write the address of that framework as url, or its name or id as framework",
    ),
  ];
}

function mesosProblem(severity: Diagnostic["severity"], location: string, error: MesosError): Diagnostic {
  const { kind, setting, problem, remedy } = error;
  const path = `${configPath(["locations", location])}.${setting}`;
  return settingsProblem(severity, kind, path, `location '${location}': ${problem}`, remedy);
}

/** Engines that are nobody's run nothing, and a task on an agent without one finds no forwarder. */
function agentProblems(
  location: string,
  { agents = {} }: MarathonLocation,
  cluster: MesosCluster,
): readonly Diagnostic[] {
  const listed = Object.keys(agents);
  const known = Object.entries(cluster.agents).filter(([, { active }]) => active);
  const hosts = new Set(known.map(([, { hostname }]) => hostname));
  const strange = listed.filter((name) => !hosts.has(name));
  const missing = listed.length === 0 ? [] : [...hosts].filter((name) => !listed.includes(name));
  const path = configPath(["locations", location, "agents"]);
  const warn = (message: string, remedy: string) =>
    settingsProblem("warning", "unlike-mesos-agents", path, message, remedy);
  return [
    ...(strange.length === 0
      ? []
      : [
          warn(
            `location '${location}' lists ${listNames(strange)} under agents, but Mesos has no active agent of that host name`,
            `Mesos has ${listNames(hosts)}: name the agents as it does`,
          ),
        ]),
    ...(missing.length === 0
      ? []
      : [
          warn(
            `Mesos may run tasks of location '${location}' on ${listNames(missing)}, which its agents do not list`,
            `add the Docker Engine of each under ${path}: links of tasks that start there need it`,
          ),
        ]),
  ];
}
