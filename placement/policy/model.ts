import type { Diagnostic, Port, Position } from "../../blueprint/model";
import type { RuleProtocol } from "./protocols";

/** What the network of an application lets through, made of its plan: readonly plain data, the same for the same input. */

/** Why something is let through. */
type Reason =
  /** The consumer links to the provider. */
  | "link"
  /** It reads a sensor of the provider, and so may connect to it. */
  | "sensor"
  /** A published port, from `clocker:network.sources`. */
  | "published"
  /** The platform checks whether the service answers. */
  | "health"
  | "dns"
  /** The cloud's metadata. */
  | "metadata"
  /** Clocker logs in to set up the machine. */
  | "ssh";

/** An end of a relation. */
export type Party =
  | { readonly kind: "service"; readonly id: string }
  /** Every service with an address in Calico. */
  | { readonly kind: "every-service" }
  /** Address ranges outside of the application. */
  | { readonly kind: "ranges"; readonly ranges: readonly string[] };

/** One thing that is let through: connections from one to the other, to one port. */
export interface Relation {
  readonly from: Party;
  readonly to: Party;
  readonly port: number;
  readonly protocol: RuleProtocol;
  readonly why: Reason;
  /** Where the blueprint says so. */
  readonly at?: Position;
  /** Name of the policy that lets it through; absent where Calico has no part in it. */
  readonly policy?: string;
}

/** One end of a Calico rule. */
export interface EntityRule {
  readonly selector?: string;
  readonly nets?: readonly string[];
  readonly ports?: readonly number[];
}

export interface PolicyRule {
  readonly action: "Allow";
  readonly protocol: RuleProtocol;
  readonly source: EntityRule;
  readonly destination: EntityRule;
}

/** A GlobalNetworkPolicy. */
export interface CompiledPolicy {
  /** `<tier>.<name>` */
  readonly name: string;
  readonly spec: {
    readonly tier: string;
    readonly selector: string;
    readonly types: readonly ("Ingress" | "Egress")[];
    readonly ingress?: readonly PolicyRule[];
    readonly egress?: readonly PolicyRule[];
  };
}

interface CompiledTier {
  /** One DNS label, distinct for every application and stack. */
  readonly name: string;
  readonly order: number;
  readonly defaultAction: "Deny";
}

/** A GlobalNetworkSet; its addresses are known only once the service runs. */
export interface CompiledSet {
  /** `<tier>.<service>` */
  readonly name: string;
  /** Service id. */
  readonly service: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** Traffic that a machine accepts from an address range. */
export interface SourceRule extends Port {
  /** Part of a resource's name, the same as long as port and range are. */
  readonly key: string;
  readonly cidr: string;
  readonly ethertype: "IPv4" | "IPv6";
}

/** Traffic that a machine accepts from a service of the same location. */
export interface GroupRule extends Port {
  /** Service id. */
  readonly consumer: string;
  /** True if it may come through the machine's floating address, which a sensor tells; links use the common network. */
  readonly byFloatingAddress: boolean;
}

/** What a machine's own platform lets in. */
export interface MachineRules {
  readonly sources: readonly SourceRule[];
  readonly groups: readonly GroupRule[];
}

/** A GlobalNetworkPolicy for the host endpoint of a machine, and what that is called by. */
export interface MachinePolicy {
  /** `<tier>.<name>` */
  readonly name: string;
  /** Labels of the host endpoint. */
  readonly labels: Readonly<Record<string, string>>;
  readonly spec: {
    readonly tier: string;
    readonly selector: string;
    readonly types: readonly ["Ingress", "Egress"];
    readonly ingress?: readonly PolicyRule[];
    readonly egress: readonly [{ readonly action: "Allow" }];
  };
}

export interface CompiledNetwork {
  /** In the plan's order. */
  readonly relations: readonly Relation[];
  /** Absent without `clocker:network.calico`; then there are no policies and no sets either. */
  readonly tier?: CompiledTier;
  /** By name. */
  readonly policies: readonly CompiledPolicy[];
  /** By name. */
  readonly sets: readonly CompiledSet[];
  /** By id of the services that their platform guards. */
  readonly machineRules: Readonly<Record<string, MachineRules>>;
  /** By id of the services whose machines Felix guards too. */
  readonly machinePolicies: Readonly<Record<string, MachinePolicy>>;
  readonly problems: readonly Diagnostic[];
}
