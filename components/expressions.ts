import * as pulumi from "@pulumi/pulumi";
import { Configuration } from "../blueprint/configuration";
import { formatJava } from "../blueprint/dsl/format";
import { JavaRegexError, parseRegex } from "../blueprint/dsl/regex";
import type { Blueprint, Expression, Position, Scalar, Structure } from "../blueprint/model";
import type { Settings } from "../settings/schema";
import type { PlacedComponent } from "./platform";

/** What expressions may refer to: the services made so far, the blueprint's configuration, the stack's secrets. */
export interface ExpressionScope {
  readonly blueprint: Blueprint;
  readonly settings: Settings;
  /** The location of each service, by id. */
  readonly placements: ReadonlyMap<string, string>;
  readonly components: ReadonlyMap<string, Pick<PlacedComponent, "sensors">>;
  /** True: what reads a sensor that is not ready has no value, where nothing waits for it, instead of an error. */
  readonly tolerant?: boolean;
}

/** Undefined only where the scope is tolerant. */
type Value = Scalar | undefined;

const configurations = new WeakMap<Blueprint, Configuration>();

/**
 * The value of a blueprint expression as an Output; secret if anything in it is.
 * @throws pulumi.RunError naming file, line and column for a sensor or key that does not exist.
 */
export function resolveExpression(expression: Expression, scope: ExpressionScope): pulumi.Output<Value> {
  switch (expression.kind) {
    case "literal":
      return pulumi.output(expression.value);
    case "secret":
      return pulumi.secret(expression.value);
    case "component":
      return pulumi.output(expression.service);
    case "attribute":
      return attribute(expression, scope);
    case "config":
      return config(expression, scope);
    case "format":
      return pulumi
        .all(expression.args.map((argument) => resolveExpression(argument, scope)))
        .apply((args) => (args.every(isThere) ? formatJava(expression.pattern, args) : undefined));
    case "external":
      return pulumi.secret(external(expression, scope.settings));
    case "regex":
      return regexReplacement(expression, scope);
    case "urlEncode":
      return resolveExpression(expression.argument, scope).apply((value) =>
        isThere(value) ? new URLSearchParams({ "": text(value) }).toString().slice(1) : undefined,
      );
    case "location":
      return pulumi.output(location(expression, scope));
    case "sensor":
      throw fail(
        expression.at,
        `a sensor object ('${expression.name}') is no value for a process`,
        'use attributeWhenReady("…") to read the sensor',
      );
  }
}

/** Like `resolveExpression`, as the text that a process gets: null is empty. */
export function resolveText(expression: Expression, scope: ExpressionScope): pulumi.Input<string> {
  if (expression.kind === "literal") {
    return text(expression.value);
  }
  return resolveExpression(expression, scope).apply(text);
}

/** The same of a value with parts: maps and lists stay, with Outputs for the expressions in them. */
function resolveStructure(value: Structure, scope: ExpressionScope): unknown {
  if (value.kind === "literal") return value.value;
  if (value.kind === "list") return value.items.map((item) => resolveStructure(item, scope));
  if (value.kind !== "map") return resolveExpression(value, scope);
  return resolveStructures(value.entries, scope);
}

export function resolveStructures(
  values: Readonly<Record<string, Structure>>,
  scope: ExpressionScope,
): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, resolveStructure(value, scope)]));
}

function text(value: Value): string {
  return value === null ? "" : String(value ?? "");
}

function isThere(value: Value): value is Scalar {
  return value !== undefined;
}

type Kind<K extends Expression["kind"]> = Extract<Expression, { kind: K }>;

function attribute(expression: Kind<"attribute">, scope: ExpressionScope): pulumi.Output<Value> {
  const configuration = configurationOf(scope.blueprint);
  const derived = configuration.sensor(expression.service, expression.sensor);
  const component = scope.components.get(expression.service);
  const sensor = derived ? resolveExpression(derived, scope) : component?.sensors[expression.sensor];
  if (sensor === undefined) {
    const known = Object.keys({ ...component?.sensors, ...configuration.sensors(expression.service) }).sort();
    throw fail(
      expression.at,
      `service '${expression.service}' has no sensor '${expression.sensor}' where it is placed`,
      known.length > 0 ? `its sensors are ${known.join(", ")}` : "a service cannot wait for its own sensors",
    );
  }
  return (sensor as pulumi.Output<unknown>).apply((value) =>
    scope.tolerant === true && !isReady(value) ? undefined : readySensor(expression, value),
  );
}

/** The value of a sensor of a service that is up. Throws pulumi.RunError for one that is not ready and would not become so here. */
export function readySensor({ at, sensor, service }: Kind<"attribute">, value: unknown): Scalar {
  if (value === undefined || value === null) {
    throw fail(
      at,
      `sensor '${sensor}' of service '${service}' has no value`,
      "if the service does not run, bring it up first, by an update without --target or with it among the targets",
    );
  }
  if (!isReady(value)) {
    throw fail(
      at,
      `sensor '${sensor}' of service '${service}' is ${JSON.stringify(value)}, and attributeWhenReady takes no value that is false, zero or empty for ready`,
      "read a sensor that tells something when the service is up, or bring the service into that state and run the update again",
    );
  }
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean"
    ? value
    : JSON.stringify(value);
}

/** Groovy's truth. */
function isReady(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (typeof value === "object" && value !== null) return Object.keys(value).length > 0;
  return Boolean(value);
}

function config(expression: Kind<"config">, scope: ExpressionScope): pulumi.Output<Value> {
  const found = configurationOf(scope.blueprint).find(expression.service, expression.key);
  if (found !== undefined) {
    return resolveExpression(found.value, scope);
  }
  throw fail(
    expression.at,
    `neither service '${expression.service}' nor what it is part of has configuration '${expression.key}'`,
    "set the key under brooklyn.config",
  );
}

function configurationOf(blueprint: Blueprint): Configuration {
  const known = configurations.get(blueprint) ?? new Configuration(blueprint);
  configurations.set(blueprint, known);
  return known;
}

function regexReplacement(
  { source, pattern, replacement, at }: Kind<"regex">,
  scope: ExpressionScope,
): pulumi.Output<Value> {
  return pulumi.all([source, pattern, replacement].map((one) => resolveExpression(one, scope))).apply((values) => {
    if (!values.every(isThere)) return undefined;
    const [from = "", by = "", to = ""] = values.map(text);
    try {
      return parseRegex(by).replaceAll(from, to);
    } catch (error) {
      if (!(error instanceof JavaRegexError)) throw error;
      throw fail(at, `cannot use the pattern of regexReplacement: ${error.message}`, "write one of java.util.regex");
    }
  });
}

function location({ service, at }: Kind<"location">, { placements }: ExpressionScope): string {
  const name = placements.get(service);
  if (name === undefined) throw fail(at, `service '${service}' is placed nowhere`, "name a service of the blueprint");
  return name;
}

function external(expression: Kind<"external">, settings: Settings): string {
  const value = settings.secrets[expression.supplier]?.[expression.key];
  if (value === undefined || value === null) {
    throw fail(
      expression.at,
      `no secret '${expression.key}' of supplier '${expression.supplier}'`,
      `set it: pulumi config set --secret --path 'clocker:secrets.${expression.supplier}.${expression.key}'`,
    );
  }
  return value;
}

function fail(at: Position, message: string, remedy: string): pulumi.RunError {
  const place = at.line === undefined ? `${at.file} ${at.path}` : `${at.file}:${at.line}:${at.column ?? 1}`;
  return new pulumi.RunError(`${place}: ${message}; ${remedy}`);
}
