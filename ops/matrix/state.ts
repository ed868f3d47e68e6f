import { z } from "zod";
import type { Port } from "../../blueprint/model";
import type { SshTarget } from "../../providers/machine/ssh";

/** Where a service of a running stack answers. */
export interface RunningService {
  /** As others reach it: its host's, or the floating address of a machine. */
  readonly address: string;
  readonly calicoAddress?: string;
  readonly endpoints: readonly RunningEndpoint[];
  readonly machine?: RunningMachine;
}

interface RunningEndpoint extends Port {
  readonly address: string;
  readonly servicePort: number;
}

interface RunningMachine {
  /** In the network that it shares with the application's other machines. */
  readonly insideAddress: string;
  readonly login: SshTarget;
}

/** The services by id. */
export type StackState = ReadonlyMap<string, RunningService>;

const COMPONENT = /^clocker:[a-z]+:[A-Za-z]+Service$/;

const exportSchema = z.object({
  deployment: z.object({
    resources: z
      .array(z.object({ urn: z.string(), type: z.string(), outputs: z.record(z.string(), z.unknown()).optional() }))
      .default([]),
  }),
});
const servicesSchema = z.record(z.string(), z.object({ address: z.string(), calicoAddress: z.string().optional() }));
const componentSchema = z.object({
  endpoints: z
    .array(
      z.object({
        address: z.string(),
        port: z.number(),
        protocol: z.enum(["tcp", "udp"]),
        servicePort: z.number(),
      }),
    )
    .default([]),
});
const setupSchema = z.object({
  address: z.string(),
  port: z.number().default(22),
  user: z.string(),
  privateKey: z.string(),
  hostKey: z.string(),
});
const portSchema = z.object({ allFixedIps: z.array(z.string()).min(1) });

/** @param exported What `pulumi stack export --show-secrets` prints. */
export function stateOf(exported: unknown): StackState {
  const { resources } = exportSchema.parse(exported).deployment;
  const outputs = new Map(
    resources.map(({ urn, type, outputs = {} }) => [`${type} ${urn.split("::").at(-1)}`, revealed(outputs)]),
  );
  const stack = resources.find(({ type }) => type === "pulumi:pulumi:Stack");
  const { services } = z.object({ services: servicesSchema.default({}) }).parse(revealed(stack?.outputs ?? {}));
  return new Map(
    Object.entries(services).map(([id, { address, calicoAddress }]) => {
      const component = resources.find(({ type, urn }) => COMPONENT.test(type) && urn.endsWith(`::${id}`));
      const { endpoints } = componentSchema.parse(revealed(component?.outputs ?? {}));
      const machine = machineOf(id, outputs);
      const running: RunningService = {
        address,
        endpoints,
        ...(calicoAddress !== undefined && { calicoAddress }),
        ...(machine !== undefined && { machine }),
      };
      return [id, running] as const;
    }),
  );
}

function machineOf(id: string, outputs: ReadonlyMap<string, unknown>): RunningMachine | undefined {
  const setup = setupSchema.safeParse(outputs.get(`pulumi-nodejs:dynamic/machine:Setup ${id}-setup`));
  const port = portSchema.safeParse(outputs.get(`openstack:networking/port:Port ${id}-port`));
  return setup.success && port.success
    ? { login: setup.data, insideAddress: port.data.allFixedIps[0] ?? "" }
    : undefined;
}

/** The value with its secrets in clear: in the state each is an object with its JSON as `plaintext`. */
function revealed(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(revealed);
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  if ("plaintext" in value && typeof value.plaintext === "string") {
    return JSON.parse(value.plaintext) as unknown;
  }
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, revealed(part)]));
}
