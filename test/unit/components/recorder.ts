import * as pulumi from "@pulumi/pulumi";

/** A resource that the program asked for. */
export interface Recorded {
  readonly type: string;
  readonly name: string;
  readonly inputs: Record<string, unknown>;
  /** Names of the resources that must be there before. */
  readonly dependencies: readonly string[];
}

/** What the SDK tells the engine of a resource. */
interface Registration {
  getType(): string;
  getName(): string;
  getDependenciesList(): readonly string[];
}
type Register = (request: Registration, done: unknown) => Promise<void>;

/** What the dynamic providers compute when nothing else is said. */
const COMPUTED: Readonly<Record<string, Record<string, unknown>>> = {
  "pulumi-nodejs:dynamic/marathon:App": {
    version: "2026-01-01T00:00:00.000Z",
    tasks: [],
    endpoints: [],
    healthy: true,
  },
  "pulumi-nodejs:dynamic/docker:Readiness": { address: "198.18.64.2" },
  "pulumi-nodejs:dynamic/calico:ServiceAddress": { address: "198.18.64.9" },
};

/**
 * Runs a program against Pulumi's mocks and gives every resource that it registered, in the order of names.
 * @param outputs Further outputs by resource name; inputs are outputs too.
 */
export async function recordResources(
  program: () => unknown,
  outputs: Readonly<Record<string, Record<string, unknown>>> = {},
): Promise<Recorded[]> {
  const recorded: Recorded[] = [];
  const dependencies = new Map<string, readonly string[]>();
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs }) => {
        recorded.push({ type, name, inputs, dependencies: dependencies.get(`${type} ${name}`) ?? [] });
        return { id: `${name}-id`, state: { ...inputs, ...COMPUTED[type], ...outputs[name] } };
      },
      call: ({ inputs }) => ({ ...inputs, id: "found" }),
    },
    "clocker",
    "unit",
  );
  // The SDK's mocks know nothing of resource hooks; the engine only keeps their names until it calls them.
  const monitor = pulumi.runtime.getMonitor() as unknown as { registerResource: Register };
  const register = monitor.registerResource.bind(monitor);
  Object.assign(monitor, {
    // The SDK's mocks do not hand dependencies on.
    registerResource: (request: Registration, done: unknown) => {
      const names = request.getDependenciesList().map((urn) => urn.slice(urn.lastIndexOf("::") + 2));
      dependencies.set(`${request.getType()} ${request.getName()}`, names.sort());
      return register(request, done);
    },
    registerResourceHook: (_request: unknown, done: (error: Error | null, answer: object) => void) => done(null, {}),
  });
  program();
  // Exported by the SDK, but missing from its type declarations.
  await (pulumi.runtime as unknown as { waitForRPCs(): Promise<void> }).waitForRPCs();
  return recorded.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The inputs of the one resource of that name and, if given, type. */
export function inputsOf(recorded: readonly Recorded[], name: string, type?: string): Record<string, unknown> {
  const found = recorded.filter((resource) => resource.name === name && (type === undefined || resource.type === type));
  if (found.length !== 1) {
    throw new Error(
      `${found.length} resources '${name}' among ${recorded.map((resource) => resource.name).join(", ")}`,
    );
  }
  return found[0]?.inputs ?? {};
}
