import * as pulumi from "@pulumi/pulumi";
import { ClockerResource } from "../../runtime/resource";
import type { CalicoKind } from "../model/kinds";

/** `T` with inputs at any depth. */
export type DeepInput<T> = pulumi.Input<
  T extends readonly (infer Item)[]
    ? readonly DeepInput<Item>[]
    : T extends object
      ? { readonly [Key in keyof T]: DeepInput<T[Key]> }
      : T
>;

export interface GlobalMetadata {
  /** Another one replaces the resource. */
  readonly name: pulumi.Input<string>;
  readonly labels?: pulumi.Input<Readonly<Record<string, pulumi.Input<string>>>>;
  readonly annotations?: pulumi.Input<Readonly<Record<string, pulumi.Input<string>>>>;
}

export interface NamespacedMetadata extends GlobalMetadata {
  /** Another one replaces the resource. */
  readonly namespace: pulumi.Input<string>;
}

export interface CalicoResourceArgs<Spec, Metadata = GlobalMetadata> {
  readonly metadata: Metadata;
  /** As Calico's reference gives it. What it leaves out gets what `calicoctl apply` would add. */
  readonly spec: DeepInput<Spec>;
  /** Whether to take over a resource of this name that something else made; default false. */
  readonly adopt?: pulumi.Input<boolean>;
}

/** Anything that a specification may hold; a preview checks it against Calico's rules. */
export type AnySpec = Readonly<Record<string, unknown>>;

/**
 * A resource of Calico (`projectcalico.org/v3`) in the etcd of `clocker:network.calico.etcd`. Previews refuse what Calico's own
 * clients refuse, and what Felix would ignore or misread, with the property that is wrong.
 */
export abstract class CalicoResource<Spec> extends ClockerResource {
  declare readonly metadata: pulumi.Output<{
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  }>;
  declare readonly spec: pulumi.Output<Spec>;
  /** Calico's `metadata.uid`. */
  declare readonly uid: pulumi.Output<string>;

  protected constructor(
    kind: Exclude<CalicoKind, "ClusterInformation">,
    name: string,
    args: CalicoResourceArgs<Spec, GlobalMetadata>,
    opts?: pulumi.CustomResourceOptions,
  ) {
    // By this an interrupted run knows again what it has made.
    const owner = `${pulumi.getProject()}/${pulumi.getStack()}/${name}`;
    super(`calico.${kind}`, name, { ...args, owner, uid: undefined }, opts);
  }
}
