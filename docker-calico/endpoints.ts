import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { prefixOf } from "../providers/calico/model/keys";
import { impliedLabels, type Reference, type StoredResource } from "../providers/calico/model/resource";
import type { ResourceStore } from "../providers/calico/resource-store";
import { workloadEndpointName } from "../providers/calico/validation/workload-endpoint-name";
import type { Labels } from "./labels";
import { newResource } from "./resources";
import { hostInterface } from "./veths";

const NAMESPACE = "libnetwork";
const ORCHESTRATOR = "libnetwork";
const SANDBOX = "clocker.sandbox-key";

/** A port of a container; with `hostPort` also one of the host. */
export interface EndpointPort {
  readonly protocol: "TCP" | "UDP" | "SCTP";
  readonly port: number;
  readonly hostPort: number;
  /** Empty for every address of the host. */
  readonly hostIP: string;
}

/** The connection of a container to a Calico network. */
export interface Endpoint {
  /** Docker's id of it. */
  readonly id: string;
  readonly address: string;
  /** Milliseconds since 1970. */
  readonly created: number;
  readonly ports: readonly EndpointPort[];
  /** Network namespace of its container, once it is there. */
  readonly sandbox: string | undefined;
}

const portSchema = z.object({
  protocol: z.enum(["TCP", "UDP", "SCTP"]),
  port: z.number(),
  hostPort: z.number().nullish(),
  hostIP: z.string().nullish(),
});

const schema = z.object({
  metadata: z.object({
    creationTimestamp: z.string().nullish(),
    annotations: z.record(z.string(), z.string()).nullish(),
  }),
  spec: z.object({
    node: z.string(),
    endpoint: z.string(),
    ipNetworks: z.array(z.string()).nullish(),
    ports: z.array(portSchema).nullish(),
  }),
});

/** This host's WorkloadEndpoints of Docker in Calico. */
export class Endpoints {
  readonly #store: ResourceStore;
  readonly #node: string;

  constructor(store: ResourceStore, node: string) {
    this.#store = store;
    this.#node = node;
  }

  async create(
    id: string,
    about: { address: string; mac: string; labels: Labels; ports: readonly EndpointPort[] },
  ): Promise<void> {
    const spec = {
      ...this.#identity(id),
      ipNetworks: [`${about.address}/32`],
      interfaceName: hostInterface(id),
      mac: about.mac,
      profiles: [],
      ...(about.ports.length > 0 && { ports: about.ports.map(storedPort) }),
    };
    const reference = this.#reference(id);
    const labels = { ...about.labels, ...impliedLabels(reference, spec) };
    await this.#store.change(reference, (live) => {
      if (live) throw new Error(`endpoint ${id} exists already`);
      return { put: newResource(reference, spec, labels) };
    });
  }

  async get(id: string): Promise<Endpoint | undefined> {
    const found = await this.#store.read(this.#reference(id));
    return found && endpointFrom(found.resource);
  }

  /** Those of this host, which their names begin with. */
  async list(): Promise<Endpoint[]> {
    const anyName = this.#name("x");
    const prefix = `${prefixOf("WorkloadEndpoint", NAMESPACE)}${anyName.slice(0, -1)}`;
    const { entries } = await this.#store.client.list(prefix);
    return entries.flatMap(({ value }) => endpointFrom(value) ?? []).filter(({ node }) => node === this.#node);
  }

  async remove(id: string): Promise<void> {
    await this.#store.change(this.#reference(id), () => ({ remove: true }));
  }

  /** Adds labels; true if that changed something. */
  async addLabels(id: string, labels: Labels): Promise<boolean> {
    const reference = this.#reference(id);
    return this.#alter(id, (live) => {
      const forced = impliedLabels(reference, live.spec);
      return { ...live, metadata: { ...live.metadata, labels: { ...live.metadata.labels, ...labels, ...forced } } };
    });
  }

  async setPorts(id: string, ports: readonly EndpointPort[]): Promise<void> {
    await this.#alter(id, (live) => ({ ...live, spec: { ...live.spec, ports: ports.map(storedPort) } }));
  }

  async setSandbox(id: string, sandbox: string): Promise<void> {
    await this.#alter(id, (live) => {
      return {
        ...live,
        metadata: { ...live.metadata, annotations: { ...live.metadata.annotations, [SANDBOX]: sandbox } },
      };
    });
  }

  async #alter(id: string, alter: (live: StoredResource) => StoredResource): Promise<boolean> {
    let changed = false;
    await this.#store.change(this.#reference(id), (live) => {
      const wanted = live && alter(live.resource);
      changed = wanted !== undefined && !isDeepStrictEqual(wanted, live?.resource);
      return changed && wanted ? { put: wanted } : undefined;
    });
    return changed;
  }

  #identity(endpoint: string) {
    return { orchestrator: ORCHESTRATOR, workload: ORCHESTRATOR, node: this.#node, endpoint };
  }

  #reference(id: string): Reference {
    return { kind: "WorkloadEndpoint", namespace: NAMESPACE, name: this.#name(id) };
  }

  #name(id: string): string {
    const name = workloadEndpointName(this.#identity(id));
    if (name === undefined) throw new Error(`'${id}' cannot be the id of an endpoint of node ${this.#node}`);
    return name;
  }
}

function endpointFrom(value: unknown): (Endpoint & { readonly node: string }) | undefined {
  const result = schema.safeParse(value);
  if (!result.success) return undefined;
  const { metadata, spec } = result.data;
  return {
    id: spec.endpoint,
    node: spec.node,
    address: spec.ipNetworks?.[0]?.split("/")[0] ?? "",
    created: Date.parse(metadata.creationTimestamp ?? "") || 0,
    ports: (spec.ports ?? []).map((each) => ({ ...each, hostPort: each.hostPort ?? 0, hostIP: each.hostIP ?? "" })),
    sandbox: metadata.annotations?.[SANDBOX],
  };
}

/** As Calico's own clients write it. */
function storedPort({ protocol, port, hostPort, hostIP }: EndpointPort) {
  return { name: `${protocol.toLowerCase()}-${port}`, protocol, port, hostPort, hostIP };
}
