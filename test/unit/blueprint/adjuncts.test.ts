import { describe, expect, it } from "vitest";
import { className } from "../../../blueprint/adjuncts/definition";
import { ADJUNCT_TYPES } from "../../../blueprint/adjuncts/types";
import { parseBlueprint } from "../../../blueprint/parse";
import { type Case, diagnose, serviceOf } from "./diagnose";

const web = (keys: string) => `services:\n- type: docker:web\n  id: web\n${keys.replace(/^/gm, "  ")}`;
const diagnosticsOf = (key: string, ...items: unknown[]) =>
  parseBlueprint(JSON.stringify({ services: [{ type: "docker:web", id: "web", [key]: items }] }), "app.json")
    .diagnostics;
const KEYS = { policy: "brooklyn.policies", enricher: "brooklyn.enrichers", initializer: "brooklyn.initializers" };
const REFUSED = ADJUNCT_TYPES.filter(({ treatment }) => treatment.kind === "refused");

describe("policies, enrichers and initializers", () => {
  it.each(REFUSED)("$name is refused by name, with what it would do", (type) => {
    const [kind = "policy"] = type.kinds;
    for (const spelling of ["type", `${kind}_type`, `${kind}Type`]) {
      const [told] = diagnosticsOf(KEYS[kind], { [spelling]: className(type) });
      expect(told).toMatchObject({ severity: "error", code: "unsupported-adjunct" });
      expect(told?.message).toMatch(new RegExp(`^${type.name} of service 'web' is not supported: it \\w+s `));
      expect(told?.remedy).not.toBe("");
    }
  });

  it.each(REFUSED.flatMap((type) => type.packages.slice(1).map((one) => [`${one}.${type.name}`, type] as const)))(
    "%s, as it was called before, is known",
    (written, { kinds: [kind = "policy"], name }) => {
      expect(diagnosticsOf(KEYS[kind], { type: written })[0]?.message).toContain(`${name} of service 'web'`);
    },
  );

  it.each(["FollowTheSun", "LoadBalancing", "StopAfterDuration"])("%s is known by this name too", (name) => {
    expect(diagnosticsOf(KEYS.policy, { type: name })[0]?.message).toContain(`${name}Policy of service 'web'`);
  });

  it.each<Case>([
    [
      "what stands for a ServiceRestarter",
      web(`brooklyn.policies:
- policyType: org.apache.brooklyn.policy.ha.ServiceRestarter
  brooklyn.config:
    failOnRecurringFailuresInThisDuration: 5m
`),
      `app.yaml:5:5 warning covered-adjunct: ServiceRestarter of service 'web' does not run: Docker (restartPolicy, unless-stopped without one) and systemd on machines start again what ended, Marathon also tasks that fail their health check, however often that happens
  remove it if that is enough; healthCheck tells a service that hangs`,
    ],
    [
      "a ServiceRestarter of what is not to be restarted",
      web(`restartPolicy: no
brooklyn.policies: [{type: brooklyn.policy.ha.ServiceRestarter}]
`),
      `app.yaml:5:23 warning covered-adjunct: ServiceRestarter of service 'web' does not run: Docker (restartPolicy, unless-stopped without one) and systemd on machines start again what ended, Marathon also tasks that fail their health check, however often that happens
  remove it if that is enough; healthCheck tells a service that hangs
app.yaml:5:23 error conflicting-policy: service 'web' has a ServiceRestarter, and its restartPolicy is no
  remove one of the two`,
    ],
    [
      "a type that is near to one",
      web("brooklyn.enrichers: [{enricher_type: org.apache.brooklyn.enricher.stock.Transfomer}]\n"),
      `app.yaml:4:40 error unknown-adjunct: brooklyn.enrichers of service 'web' has the unknown type 'org.apache.brooklyn.enricher.stock.Transfomer'
  did you mean 'org.apache.brooklyn.enricher.stock.Transformer'?`,
    ],
    [
      "a type of one's own",
      web("brooklyn.initializers: [{initializer_type: com.example.Mine}]\n"),
      `app.yaml:4:46 error unknown-adjunct: brooklyn.initializers of service 'web' has the unknown type 'com.example.Mine'
  classes of your own do not run here; of Brooklyn's 'StaticSensor' does something`,
    ],
    [
      "a type under the wrong key",
      web("brooklyn.policies: [{type: org.apache.brooklyn.enricher.stock.Propagator}]\n"),
      `app.yaml:4:30 error misplaced-adjunct: brooklyn.policies of service 'web' has Propagator, which is an enricher
  move it to brooklyn.enrichers`,
    ],
    [
      "keys that are misspelled, unknown, twice or outside",
      web(`brooklyn.enrichers:
- type: Transformer
  enricher.targetValue: 1
  brooklyn.confg: {}
  brooklyn.config: {enricher.targetSensr: a, other: 1, enricher.targetSensor: a, targetSensor: b, targetValue: 1}
`),
      `app.yaml:6:5 error unknown-key: Transformer of service 'web' has the unknown key 'enricher.targetValue'
  write it under its brooklyn.config
app.yaml:7:5 error unknown-key: Transformer of service 'web' has the unknown key 'brooklyn.confg'
  did you mean 'brooklyn.config'? beside its type there is brooklyn.config alone
app.yaml:8:23 error unknown-key: Transformer of service 'web' has the unknown key 'enricher.targetSensr'
  did you mean 'enricher.targetSensor'?
app.yaml:8:48 error unknown-key: Transformer of service 'web' has the unknown key 'other'
  its keys are 'enricher.producer', 'enricher.sourceSensor', 'enricher.suppressDuplicates', 'enricher.targetSensor', 'enricher.targetValue', 'enricher.transformation', 'enricher.triggerSensors' and 'uniqueTag'
app.yaml:8:84 error duplicate-key: Transformer of service 'web' has enricher.targetSensor twice, first as enricher.targetSensor
  keep one of 'enricher.targetSensor' and 'targetSensor'`,
    ],
    [
      "entries without a type, with two, and what are none",
      web(`brooklyn.policies:
- {}
- {type: ServiceReplacer, policyType: ServiceReplacer}
- ServiceReplacer
brooklyn.enrichers: Transformer
`),
      `app.yaml:5:5 error missing-type: brooklyn.policies of service 'web' has an entry without a type
  write \`type:\` with a class of Brooklyn, e.g. org.apache.brooklyn.policy.ha.ServiceRestarter
app.yaml:6:5 error unsupported-adjunct: ServiceReplacer of service 'web' is not supported: it puts a new member of a cluster in the place of one that failed
  set instances on Marathon, which starts a lost task elsewhere; on other platforms \`pulumi up --refresh\` makes anew what is gone
app.yaml:6:29 error duplicate-key: brooklyn.policies of service 'web' names a type twice
  keep one of the two
app.yaml:7:5 error bad-type: brooklyn.policies of service 'web' needs maps, not 'ServiceReplacer'
  write a list of maps, each with \`type:\` and \`brooklyn.config:\`
app.yaml:8:23 error bad-type: brooklyn.enrichers of service 'web' needs a list, not 'Transformer'
  write a list of maps, each with \`type:\` and \`brooklyn.config:\``,
    ],
    [
      "what a Transformer lacks",
      web(`brooklyn.enrichers:
- type: Transformer
- {type: Transformer, brooklyn.config: {targetSensor: a}}
- {type: Transformer, brooklyn.config: {targetSensor: b, transformation: {$brooklyn:function.regexReplacement: [a, b]}}}
`),
      `app.yaml:5:5 error missing-key: Transformer of service 'web' has no enricher.targetSensor
  name the sensor that it publishes
app.yaml:6:5 error missing-key: Transformer of service 'web' has no value for its sensor
  write enricher.targetValue, with an expression
app.yaml:7:5 error missing-key: Transformer of service 'web' has nothing to transform
  name the sensor in enricher.sourceSensor`,
    ],
    [
      "what a Transformer cannot take",
      web(`brooklyn.enrichers:
- {type: Transformer, brooklyn.config: {targetSensor: [a], producer: web}}
- {type: Transformer, brooklyn.config: {targetSensor: b, sourceSensor: a, transformation: upper}}
- {type: Transformer, brooklyn.config: {targetSensor: c, targetValue: 1, transformation: d}}
`),
      `app.yaml:5:57 error bad-sensor: targetSensor of service 'web' needs a sensor, not a list
  write its name, or $brooklyn:sensor("name")
app.yaml:5:72 error bad-producer: producer of service 'web' needs a component, not 'web'
  name one: $brooklyn:component("id")
app.yaml:6:93 error not-a-function: transformation of service 'web' needs a function, and 'upper' gives none
  write $brooklyn:function.regexReplacement("pattern", "replacement"), or the whole value in enricher.targetValue
app.yaml:7:76 error conflicting-keys: Transformer of service 'web' has both targetValue and transformation
  keep one of the two`,
    ],
    [
      "what a Propagator lacks or cannot take",
      web(`brooklyn.enrichers:
- {type: Propagator, brooklyn.config: {producer: $brooklyn:component("web")}}
- {type: Propagator, brooklyn.config: {propagatingAll: true}}
- {type: Propagator, brooklyn.config: {propagating: [main.uri]}}
- {type: Propagator, brooklyn.config: {sensorMapping: [a]}}
`),
      `app.yaml:5:5 error missing-key: Propagator of service 'web' has no sensors to publish
  name them in enricher.propagating.inclusions, or with new names in enricher.propagating.sensorMapping
app.yaml:6:42 error unsupported-key: Propagator of service 'web' cannot publish sensors that it does not name (propagatingAll)
  list them in enricher.propagating.inclusions
app.yaml:7:56 error sensor-cycle: Propagator of service 'web' publishes its own sensors under the same names
  name another component in enricher.producer: $brooklyn:component("id")
app.yaml:8:57 error bad-type: sensorMapping of service 'web' needs a map, not a list
  write sensors of the producer with the names that they have here, e.g. { docker.port.80: main.port }`,
    ],
  ])("tell %s", (_claim, text, expected) => {
    expect(diagnose(text)).toBe(expected);
  });

  it.each(["", "[]", "{}"])("that are %j ask for nothing", (nothing) => {
    const keys = Object.values(KEYS).map((key) => `${key}: ${nothing}`);
    expect(serviceOf(keys.join("\n")).sensors).toBeUndefined();
    expect(diagnose(`${keys.join("\n")}\nservices: [{type: docker:web}]\n`)).toBe("");
  });

  it("take their keys from brooklyn.flags too, as older blueprints write them", () => {
    const { sensors } = serviceOf(
      "brooklyn.enrichers: [{type: Transformer, brooklyn.flags: {targetSensor: a, targetValue: 1}}]",
    );
    expect(sensors).toEqual({ a: { kind: "literal", value: 1 } });
  });

  it("from encrypted configuration are not named", () => {
    const overrides = { web: { "brooklyn.policies": [{ type: "AutoScalerPolicy" }, { type: "hunter2" }] } };
    const told = diagnose(web("env: {}\n"), { overrides, overridesSecret: true });
    expect(told).not.toMatch(/AutoScaler|hunter2/);
    expect(told).toContain("the secret value of service 'web' is not supported");
  });
});
