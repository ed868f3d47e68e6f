import type { RawUpdate } from "../model/raw-app";
import type { Problem } from "../model/schema";
import { isUri } from "./uri";

const DISCOVERY = "ipAddress/discovery is not allowed for Docker containers";
const BOTH_PORTS = "cannot specify both ports and port definitions";

/** Old fields, alone and beside the new ones. An update counts an empty list of networks as networks. */
export function sentProblems(raw: RawUpdate, isUpdate: boolean): Problem[] {
  const { ipAddress, container, ports, portDefinitions, uris } = raw;
  const problems: Problem[] = oldContainerProblems(raw);
  const whole = (fault: boolean | undefined, error: string): void => {
    if (fault) problems.push({ path: "/", error });
  };
  if (ipAddress?.discovery && container?.type === "DOCKER") problems.push({ path: "/ipAddress", error: DISCOVERY });
  uris?.forEach((uri, index) => {
    if (!isUri(uri)) problems.push({ path: `/uris(${index})`, error: "URI has invalid syntax." });
  });
  if (uris?.length && raw.fetch?.length)
    problems.push({ path: "/uris", error: "may not be set in conjunction with fetch" });
  const networks = (raw.networks?.length ?? 0) > 0;
  const named = isUpdate ? raw.networks !== undefined : networks;
  whole(
    named && container?.docker?.network !== undefined,
    "must not specify both container.docker.network and networks",
  );
  whole(networks && ipAddress !== undefined, "must not specify both networks and ipAddress");
  const fixed = (ports ?? []).filter((port) => port !== 0);
  whole(new Set(fixed).size < fixed.length, "ports must be unique");
  whole(
    ipAddress && (ports?.length ?? 0) + (portDefinitions?.length ?? 0) > 0,
    "cannot specify both an IP address and port",
  );
  whole(ports && portDefinitions && String(ports) !== String(portDefinitions.map(({ port }) => port)), BOTH_PORTS);
  return problems;
}

function oldContainerProblems({ container }: RawUpdate): Problem[] {
  const docker = container?.docker;
  if (!docker || container.appc) return [];
  const gone =
    container.type === "MESOS" ? (["credential", "network", "portMappings"] as const) : (["credential"] as const);
  const set: string[] = gone.filter((field) => docker[field] !== undefined);
  if (container.type === "MESOS" && docker.parameters.length > 0) set.push("parameters");
  return set.map((field) => ({ path: `/container/docker/${field}`, error: "must be empty" }));
}
