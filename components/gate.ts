import * as pulumi from "@pulumi/pulumi";
import type { PlacedService } from "../placement/model";
import { type ExpressionScope, resolveText } from "./expressions";

/** The value, known only once the gate is open. */
export function gated<T>(value: pulumi.Input<T>, gate: pulumi.Output<true> | undefined): pulumi.Input<T> {
  return gate === undefined ? value : pulumi.output(value).apply((known) => gate.apply(() => known as T));
}

/** What all latches of a service make together; fails for one that is not true and would never become so. */
export function gateOf({ service }: PlacedService, scope: ExpressionScope): { readonly gate?: pulumi.Output<true> } {
  const latches = Object.entries(service.latches);
  if (latches.length === 0) return {};
  const texts = latches.map(([key, value]) =>
    pulumi.output(resolveText(value, scope)).apply((text) => {
      if (text.toLowerCase() === "true") return true;
      throw new pulumi.RunError(
        `${key} of service '${service.id}' is '${text}', and nothing would ever make it true: write an expression such as $brooklyn:component("id").attributeWhenReady("service.isUp"), or remove the key`,
      );
    }),
  );
  return { gate: pulumi.all(texts).apply((): true => true) };
}
