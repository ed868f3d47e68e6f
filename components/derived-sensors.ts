import type * as pulumi from "@pulumi/pulumi";
import type { Blueprint, Expression } from "../blueprint/model";
import { type ExpressionScope, resolveExpression } from "./expressions";

/** Sensors by name; undefined where what they read is not ready. Secret if anything in them is. */
export type SensorOutputs = Readonly<Record<string, pulumi.Output<unknown>>>;

/** What enrichers derive, for the stack's outputs. */
export interface DerivedSensors {
  /** Of the application itself; absent if there are none. */
  readonly application?: SensorOutputs;
  /** Of services and groups, by id; absent if there are none. */
  readonly services?: Readonly<Record<string, SensorOutputs>>;
}

/**
 * @param scope With every service.
 * @throws pulumi.RunError for a sensor that a service does not have where it is placed.
 */
export function derivedSensors(blueprint: Blueprint, scope: ExpressionScope): DerivedSensors {
  const tolerant: ExpressionScope = { ...scope, tolerant: true };
  const resolve = (sensors: Readonly<Record<string, Expression>> = {}): SensorOutputs =>
    Object.fromEntries(Object.entries(sensors).map(([name, value]) => [name, resolveExpression(value, tolerant)]));
  const services = [...blueprint.services, ...blueprint.groups].flatMap(({ id, sensors }) =>
    sensors === undefined ? [] : [[id, resolve(sensors)] as const],
  );
  return {
    ...(blueprint.sensors && { application: resolve(blueprint.sensors) }),
    ...(services.length > 0 && { services: Object.fromEntries(services) }),
  };
}
