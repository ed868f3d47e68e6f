/** Normative types that are read, with what they are derived from. */
const PARENTS: Readonly<Record<string, string>> = {
  "tosca.nodes.Root": "",
  "tosca.nodes.Abstract.Compute": "tosca.nodes.Root",
  "tosca.nodes.Compute": "tosca.nodes.Abstract.Compute",
  "tosca.nodes.SoftwareComponent": "tosca.nodes.Root",
  "tosca.nodes.WebServer": "tosca.nodes.SoftwareComponent",
  "tosca.nodes.WebApplication": "tosca.nodes.Root",
  "tosca.nodes.DBMS": "tosca.nodes.SoftwareComponent",
  "tosca.nodes.Database": "tosca.nodes.Root",
  "tosca.nodes.Container.Runtime": "tosca.nodes.SoftwareComponent",
  "tosca.nodes.Container.Application": "tosca.nodes.Root",
  "tosca.nodes.Container.Application.Docker": "tosca.nodes.Container.Application",
  "tosca.relationships.Root": "",
  "tosca.relationships.DependsOn": "tosca.relationships.Root",
  "tosca.relationships.HostedOn": "tosca.relationships.Root",
  "tosca.relationships.ConnectsTo": "tosca.relationships.Root",
  "tosca.relationships.RoutesTo": "tosca.relationships.ConnectsTo",
  "tosca.relationships.AttachesTo": "tosca.relationships.Root",
  "tosca.artifacts.Root": "",
  "tosca.artifacts.Deployment.Image": "tosca.artifacts.Root",
  "tosca.artifacts.Deployment.Image.Container.Docker": "tosca.artifacts.Deployment.Image",
};

export const COMPUTE = "tosca.nodes.Compute";
export const RUNTIME = "tosca.nodes.Container.Runtime";
export const IMAGE = "tosca.artifacts.Deployment.Image.Container.Docker";
export const HOSTED_ON = "tosca.relationships.HostedOn";
export const ATTACHES_TO = "tosca.relationships.AttachesTo";

/** Node types that may stand for what hosts them, when they have no image of their own. */
export const PARTS: readonly string[] = ["tosca.nodes.Database", "tosca.nodes.WebApplication"];

/** Properties of the normative types with their own types; empty for those that nearly every profile adds, whose readers check them. */
export const PROPERTIES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "tosca.nodes.Root": { port: "", ports: "" },
  "tosca.nodes.SoftwareComponent": { component_version: "version", admin_credential: "tosca.datatypes.Credential" },
  "tosca.nodes.WebApplication": { context_root: "string" },
  "tosca.nodes.DBMS": { root_password: "string" },
  "tosca.nodes.Database": { name: "string", user: "string", password: "string" },
};

/** The parent of a normative type, empty for a root; undefined for what is none. */
export function parentOf(type: string): string | undefined {
  return Object.hasOwn(PARENTS, type) ? PARENTS[type] : undefined;
}

/** The full name of a normative type that is written in short, such as `tosca:Compute` or `Compute`. */
export function fullName(kind: "nodes" | "relationships" | "artifacts", written: string): string {
  const long = `tosca.${kind}.${written.replace(/^tosca:/, "")}`;
  return parentOf(long) === undefined ? written : long;
}

export function nodeTypeNames(): readonly string[] {
  return Object.keys(PARENTS).filter((name) => name.startsWith("tosca.nodes."));
}
