import { formatDiagnostic } from "../../../blueprint/diagnostics";
import { formatImage } from "../../../blueprint/image";
import type { Diagnostic, Expression, Overrides } from "../../../blueprint/model";
import { parseBlueprint } from "../../../blueprint/parse";
import { portText } from "../../../blueprint/port";
import type { PlacedService } from "../../../placement/model";
import { place } from "../../../placement/place";
import { host, settings } from "../placement/blueprints";
import { dockerLocation, marathonLocation, openstackLocation } from "../settings/example";

/** What becomes of a blueprint: its plan, or why it has none. */
export interface Outcome {
  readonly services: readonly PlacedService[];
  readonly diagnostics: readonly Diagnostic[];
}

const docker = () => dockerLocation({ hosts: { h1: host(11), h2: host(12) } });

/** A stack with the locations that the blueprints name. */
const STACK = settings(
  {},
  {
    "my-docker-cloud": docker(),
    "openstack-docker-cloud": docker(),
    "calico-openstack-cloud": docker(),
    "my-mesos-cluster": marathonLocation({ agents: { a1: host(21) } }),
    "my-openstack-cloud": openstackLocation(),
  },
);

export function outcomeOf(text: string, file: string, overrides: Overrides = {}): Outcome {
  const { blueprint, diagnostics } = parseBlueprint(text, file, { overrides });
  if (blueprint === undefined) return { services: [], diagnostics };
  const placed = place(blueprint, STACK, "dev");
  return { services: placed.plan?.services ?? [], diagnostics: [...diagnostics, ...placed.diagnostics] };
}

/** The outcome for a reader: every diagnostic, and what runs where in the order of starting. */
export function tell({ services, diagnostics }: Outcome): string {
  return `${[...diagnostics.map(formatDiagnostic), ...services.map(tellService)].join("\n")}\n`;
}

function tellService({ service, location, host, ports, links }: PlacedService): string {
  const { workload, env, publishes, sensors } = service;
  const what =
    workload.kind === "image"
      ? formatImage(workload.image)
      : `${workload.entity} ${shown(workload.settings["install.version"])}`;
  const lines = [
    ...ports.map((port) => `port ${portText(port)}${port.hostPort ? `, ${port.hostPort} of the host` : ""}`),
    ...links.map(({ alias, target, route }) => `link ${alias} to ${target}: ${route}`),
    ...Object.entries(env).map(([name, value]) => `env ${name} = ${shown(value)}`),
    ...Object.entries(service.latches).map(([name, value]) => `${name} = ${shown(value)}`),
    ...Object.keys({ ...publishes, ...sensors }).map((name) => `sensor ${name}`),
  ];
  return [`${service.id}: ${what} on ${location}${host ? `/${host}` : ""}`, ...lines.map((line) => `  ${line}`)].join(
    "\n",
  );
}

function shown(value: Expression | undefined): string {
  if (value === undefined) return "";
  switch (value.kind) {
    case "literal":
      return String(value.value);
    case "attribute":
      return `{${value.service}: ${value.sensor}}`;
    case "format":
      return `${value.pattern} of ${value.args.map(shown).join(", ")}`;
    default:
      return value.kind;
  }
}
