import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { Kind } from "../handlers";

/** Base of the dynamic resources: its type is `pulumi-nodejs:dynamic/<module>:<Type>` for the kind `<module>.<Type>`. */
export abstract class ClockerResource extends pulumi.dynamic.Resource {
  /** `props` names every output too, with `undefined` where it is not an input. */
  protected constructor(kind: Kind, name: string, props: pulumi.Inputs, opts?: pulumi.CustomResourceOptions) {
    const [module, type] = kind.split(".");
    super(providerOf(kind), name, { ...props }, opts, module, type);
  }
}

/** One object for each kind, for its serialised text is cached by identity. */
function providerOf(kind: Kind): pulumi.dynamic.ResourceProvider {
  const provider = providers[kind];
  if (!provider) throw new Error(`providers/stub.cjs has no provider for ${kind}`);
  return provider;
}

const providers = loadStub();

// The stub is plain text beside the sources, whether this file runs from there or compiled from bin/.
function loadStub(): Readonly<Record<string, pulumi.dynamic.ResourceProvider>> {
  const places = [join(__dirname, "..", "stub.cjs"), join(__dirname, "..", "..", "..", "providers", "stub.cjs")];
  const file = places.find((place) => existsSync(place));
  if (!file) throw new Error(`stub.cjs is missing: expected at ${places.join(" or ")}`);
  return createRequire(__filename)(file).providers;
}
