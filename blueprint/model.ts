import type { BuildInstructions } from "./build/model";
import type { ContainerFile, ContainerOptions, VolumeMount } from "./container/model";

/** The model that the front end makes of a blueprint: readonly plain data, no Pulumi, no I/O. */

/** Where a value stands: 1-based line and column of a file, or the path of a setting that overrides the blueprint. */
export interface Position {
  /** Path of the file as the caller gave it, or `clocker:overrides` for values that come from the stack file. */
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
  /** Dotted path of the value inside the file, e.g. `services[1].env.MODE`. */
  readonly path: string;
}

/** One problem of a blueprint. An `error` stops the deployment before any resource exists. */
export interface Diagnostic {
  readonly severity: "error" | "warning";
  /** Stable kebab-case identifier, e.g. `unknown-link-target`. */
  readonly code: string;
  /** What failed and the value given. */
  readonly message: string;
  /** What is allowed or what to do. */
  readonly remedy: string;
  readonly at: Position;
}

/** A value of the blueprint language: a literal, or a parsed `$brooklyn:` expression that is resolved at deployment. */
export type Expression =
  | { readonly kind: "literal"; readonly value: Scalar }
  /** The service itself, `$brooklyn:component("id")`. */
  | {
      readonly kind: "component";
      readonly service: string;
      /** What the expression calls it, if that is not its id: services of a catalog item have names of their own there. */
      readonly name?: string;
      readonly at: Position;
    }
  /**
   * `component("id").attributeWhenReady("sensor")`; without a component, `service` is the service the value belongs to. The application,
   * whose id is empty here, and groups have no sensors but those that enrichers derive: parsing has checked it.
   */
  | { readonly kind: "attribute"; readonly service: string; readonly sensor: string; readonly at: Position }
  /**
   * `component("id").config("key")`; the value is looked up in that service or group, then in its ancestors.
   * An empty `service` means the application alone. The key exists: parsing has checked it.
   */
  | { readonly kind: "config"; readonly service: string; readonly key: string; readonly at: Position }
  /** `sensor("name")` or `sensor("Class", "name")`: the sensor object itself, only meaningful to enrichers and policies. */
  | { readonly kind: "sensor"; readonly name: string; readonly type?: string; readonly at: Position }
  /** `formatString("pattern", args...)` with Java's format directives, checked when it is parsed. */
  | {
      readonly kind: "format";
      readonly pattern: string;
      readonly args: readonly Expression[];
      readonly at: Position;
    }
  /** `regexReplacement(source, pattern, replacement)` of Java; what is known of it is checked when it is parsed. */
  | {
      readonly kind: "regex";
      readonly source: Expression;
      readonly pattern: Expression;
      readonly replacement: Expression;
      readonly at: Position;
    }
  /** `urlEncode(value)`, as a form's field. */
  | { readonly kind: "urlEncode"; readonly argument: Expression; readonly at: Position }
  /** `location()`: the name of the location that the service is placed on. */
  | { readonly kind: "location"; readonly service: string; readonly at: Position }
  /** `external("supplier", "key")`: a value of the secret configuration `clocker:secrets`. */
  | { readonly kind: "external"; readonly supplier: string; readonly key: string; readonly at: Position }
  /** A value that came out of encrypted stack configuration; it must never be printed. */
  | { readonly kind: "secret"; readonly value: Scalar };

export type Scalar = string | number | boolean | null;

/** A value with parts, any of which may be an expression. */
export type Structure =
  | Expression
  | { readonly kind: "list"; readonly items: readonly Structure[] }
  | { readonly kind: "map"; readonly entries: Readonly<Record<string, Structure>> };

/** A reference to a container image, split as Docker does; exactly what a user would type after `docker pull`. */
export interface ImageReference {
  /** `host[:port]` of a registry, absent for Docker Hub. */
  readonly registry?: string;
  /** Repository path, e.g. `clockercentral/dnmonster`. */
  readonly repository: string;
  /** Tag; `latest` when neither tag nor digest was written. */
  readonly tag?: string;
  /** `sha256:…` */
  readonly digest?: string;
}

/** What a service runs: a container image, or software of an entity type. */
export type Workload =
  | {
      readonly kind: "image";
      readonly image: ImageReference;
      /** Builds the image on its host instead. */
      readonly build?: BuildInstructions;
      /** `sha256:…` of an image that its host has instead. */
      readonly imageId?: string;
    }
  | {
      readonly kind: "software";
      /** Id of the entity type. */
      readonly entity: string;
      /** Its keys with what is set or holds without; `install.version`, `download.url`, ports and texts are literal. */
      readonly settings: Readonly<Record<string, Expression>>;
      /** True: machines get exactly `install.version`. False: what their distribution has. */
      readonly asksForVersion: boolean;
      /** How it runs as a container; absent if it does not. */
      readonly container?: ContainerForm;
      /** Its own sensors. */
      readonly publishes: Readonly<Record<string, Published>>;
    };

/** A sensor of a service's own: a value, or where one of its ports is reached. */
export type Published =
  | { readonly value: Scalar }
  /** In `url`, `${address}` and `${port}` stand for where others reach the port. */
  | { readonly port: number; readonly url: string };

/** Software as a platform of containers runs it. */
export interface ContainerForm {
  readonly image: ImageReference;
  readonly env: Readonly<Record<string, Expression>>;
  readonly entrypoint?: readonly Expression[];
  readonly commands?: readonly Expression[];
  readonly options: ContainerOptions;
}

/** A link from one service to another: inside the consumer the name `alias` resolves and the target's own ports answer. */
export interface Link {
  readonly alias: string;
  /** Id of the service linked to; exists in the same blueprint. */
  readonly target: string;
  readonly at: Position;
}

export type Protocol = "tcp" | "udp";

/** A port that a process listens on; one number may be a port of each protocol. */
export interface Port {
  readonly port: number;
  readonly protocol: Protocol;
}

export interface PortBinding {
  readonly hostPort: number;
  readonly containerPort: number;
  readonly protocol: Protocol;
  readonly at: Position;
}

export interface LocationReference {
  readonly name: string;
  /** The type that `docker:name`, `mesos:name` or `marathon:name` asks for. */
  readonly type?: "docker" | "mesos" | "marathon";
  /** The host of it that `docker:name:host` asks for. */
  readonly host?: string;
  readonly at: Position;
}

/** One service of a blueprint, with every key checked and in canonical form. */
export interface Service {
  readonly id: string;
  readonly name?: string;
  readonly description?: string;
  /** The type as written, e.g. `docker:redis:3`. */
  readonly type: string;
  /** Id of the service or group that it is a child of; absent: the application. */
  readonly parent?: string;
  readonly workload: Workload;
  /** The service's own locations as written; empty when it has none. */
  readonly locations: readonly LocationReference[];
  readonly links: readonly Link[];
  /**
   * Ports the process listens on: openPorts, directPorts, port bindings and the entity's own. Ascending, those of TCP first, without
   * duplicates.
   */
  readonly ports: readonly Port[];
  readonly directPorts: readonly Port[];
  readonly portBindings: readonly PortBinding[];
  readonly env: Readonly<Record<string, Expression>>;
  readonly entrypoint?: readonly Expression[];
  readonly commands?: readonly Expression[];
  /** `containerName`: wish for the container's name and host name. */
  readonly containerName?: string;
  readonly volumes: readonly VolumeMount[];
  readonly files: readonly ContainerFile[];
  readonly container: ContainerOptions;
  /** Container names whose volumes are mounted too. */
  readonly volumesFrom: readonly string[];
  /** Docker's relative CPU weight. */
  readonly cpuShares?: number;
  /** Memory limit in bytes. */
  readonly memoryBytes?: number;
  readonly privileged: boolean;
  /** Keep standard input open. */
  readonly interactive: boolean;
  /** What has to become true before the service is made, by the names of their keys, e.g. `launch.latch`. */
  readonly latches: Readonly<Record<string, Expression>>;
  /** Keys that are set and need a machine, e.g. `pre.install.command`. */
  readonly machineKeys: readonly string[];
  /** Sensors of its own, beside those that every service has. */
  readonly publishes: Readonly<Record<string, Published>>;
  /** Deadline for the service to become healthy, in seconds: 300 for `docker:` types, 600 for software. */
  readonly startTimeoutSeconds: number;
  /** How many processes of it run; default 1. */
  readonly instances: number;
  /**
   * `marathon.app`: fields of Marathon's app definition laid over what is derived. None of them is one that Clocker owns; null leaves
   * the derived one out.
   */
  readonly marathonApp?: Readonly<Record<string, Structure>>;
  /** `provisioning.properties`, for locations that make machines: minimum size. */
  readonly machine?: { readonly minRamMb?: number; readonly minCores?: number; readonly minDiskGb?: number };
  /**
   * What `config("key")` reads: `brooklyn.config` that no key above claims, and the single values of those that are
   * claimed, under their full names (`install.version`, `redis.port`).
   */
  readonly config: Readonly<Record<string, Expression>>;
  /** Sensors that its enrichers derive, by name; they stand in for the platform's of the same name. */
  readonly sensors?: Readonly<Record<string, Expression>>;
  readonly at: Position;
}

/** A service that only holds others: it runs nothing itself, and its children have its configuration. */
export interface Group {
  readonly id: string;
  /** True: all services below it have to be on one host. */
  readonly sameServer?: boolean;
  readonly name?: string;
  readonly description?: string;
  readonly parent?: string;
  readonly config: Readonly<Record<string, Expression>>;
  readonly sensors?: Readonly<Record<string, Expression>>;
  readonly at: Position;
}

export interface Blueprint {
  readonly file: string;
  /** Physical-name part of the application: the blueprint's `id`, else its name made safe, else the file's name. */
  readonly id: string;
  readonly name: string;
  readonly description?: string;
  /** Locations of the application itself. */
  readonly locations: readonly LocationReference[];
  /** What runs, children of groups and services too. */
  readonly services: readonly Service[];
  readonly groups: readonly Group[];
  readonly config: Readonly<Record<string, Expression>>;
  /** What is told of the application when it runs, by name. */
  readonly outputs?: Readonly<Record<string, Structure>>;
  /** Sensors of the application itself, which its enrichers derive. */
  readonly sensors?: Readonly<Record<string, Expression>>;
}

/** What parsing gives. `blueprint` is there only if no diagnostic is an error. */
export interface ParseResult {
  readonly blueprint?: Blueprint;
  readonly diagnostics: readonly Diagnostic[];
}

/** Per-service overrides of the stack file: service id to blueprint keys. */
export type Overrides = Readonly<Record<string, Readonly<Record<string, unknown>>>>;
