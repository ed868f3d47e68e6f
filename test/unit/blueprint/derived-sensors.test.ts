import { describe, expect, it } from "vitest";
import { blueprintOf, type Case, diagnose } from "./diagnose";

const enrichers = (items: string) => `services:
- type: docker:web
  id: web
  brooklyn.enrichers:
${items.replace(/^/gm, "  ")}
- {type: docker:db, id: db}
`;

/** What the service `web` publishes with one enricher, without the places. */
function published(type: string, config: string): unknown {
  const text = enrichers(`- type: ${type}\n  brooklyn.config:\n${config.replace(/^/gm, "    ")}`);
  return JSON.parse(
    JSON.stringify(blueprintOf(text).services[0]?.sensors, (key, value) => (key === "at" ? undefined : value)),
  );
}

const TRANSFORMER = "org.apache.brooklyn.enricher.stock.Transformer";
const PROPAGATOR = "org.apache.brooklyn.enricher.stock.Propagator";
const attribute = (service: string, sensor: string) => ({ kind: "attribute", service, sensor });

describe("a Transformer", () => {
  it("publishes the value of an expression, in the form that Clocker's demo has", () => {
    const config = `uniqueTag: url-generator
enricher.sourceSensor: host.name
enricher.targetSensor: main.uri
enricher.targetValue:
  $brooklyn:formatString:
  - "http://%s/"
  - $brooklyn:attributeWhenReady("host.name")`;
    expect(published(TRANSFORMER, config)).toEqual({
      "main.uri": { kind: "format", pattern: "http://%s/", args: [attribute("web", "host.name")] },
    });
  });

  it.each([
    ['$brooklyn:sensor("main.uri")', "main.uri"],
    ['$brooklyn:sensor("brooklyn.entity.Attributes", "main.uri")', "main.uri"],
    ["{$brooklyn:sensor: main.uri}", "main.uri"],
    ["main.uri", "main.uri"],
  ])("takes %s for its sensor", (sensor, name) => {
    expect(published(TRANSFORMER, `targetSensor: ${sensor}\ntargetValue: 1`)).toEqual({
      [name]: { kind: "literal", value: 1 },
    });
  });

  it("replaces text in another sensor, of its producer or its own", () => {
    const config = `enricher.producer: $brooklyn:component("db")
enricher.sourceSensor: $brooklyn:sensor("main.uri")
enricher.transformation: $brooklyn:function.regexReplacement("http", "https")`;
    const regex = {
      kind: "regex",
      pattern: { kind: "literal", value: "http" },
      replacement: { kind: "literal", value: "https" },
    };
    expect(published(TRANSFORMER, config)).toEqual({
      "main.uri": { ...regex, source: attribute("db", "main.uri") },
    });
    const own = `enricher.sourceSensor: a
enricher.targetSensor: b
enricher.transformation: {$brooklyn:function.regexReplacement: [http, https]}`;
    expect(published(TRANSFORMER, own)).toEqual({ b: { ...regex, source: attribute("web", "a") } });
  });
});

describe("a Propagator", () => {
  it.each([
    ['producer: $brooklyn:component("db")\npropagating: [a, $brooklyn:sensor("b")]', ["a", "a"], ["b", "b"]],
    ['enricher.producer: $brooklyn:component("db")\nenricher.propagating.inclusions: a', ["a", "a"]],
    ['producer: $brooklyn:component("db")\nsensorMapping: {a: b, c: d}', ["a", "b"], ["c", "d"]],
    ['producer: $brooklyn:component("db")\nenricher.propagating.sensorMapping: {$brooklyn:sensor("a"): b}', ["a", "b"]],
    ['producer: $brooklyn:component("db")\npropagating: [a]\nsensorMapping: {c: d}', ["a", "a"], ["c", "d"]],
  ])("with %j publishes the producer's sensors", (config, ...names) => {
    expect(published(PROPAGATOR, config)).toEqual(
      Object.fromEntries(names.map(([from = "", to = ""]) => [to, attribute("db", from)])),
    );
  });

  it("gives its own sensors other names without a producer", () => {
    expect(published(PROPAGATOR, "sensorMapping: {mapped.docker.port.80: main.address}")).toEqual({
      "main.address": attribute("web", "mapped.docker.port.80"),
    });
  });
});

describe("sensors that are derived", () => {
  it("are those of the application and of groups too, which others read", () => {
    const blueprint = blueprintOf(`brooklyn.enrichers:
- type: ${TRANSFORMER}
  brooklyn.config: {enricher.targetSensor: main.uri, enricher.targetValue: '$brooklyn:component("db").attributeWhenReady("host.name")'}
services:
- type: BasicApplication
  id: tier
  brooklyn.initializers:
  - {type: org.apache.brooklyn.core.sensor.StaticSensor, brooklyn.config: {name: greeting, static.value: hello}}
  brooklyn.children:
  - type: docker:web
    env: {A: '$brooklyn:root().attributeWhenReady("main.uri")', B: '$brooklyn:parent().attributeWhenReady("greeting")'}
- {type: docker:db, id: db}
- {type: docker:last, id: last}
`);
    expect(Object.keys(blueprint.sensors ?? {})).toEqual(["main.uri"]);
    expect(blueprint.groups[0]?.sensors).toEqual({ greeting: { kind: "literal", value: "hello" } });
  });

  it.each<Case>([
    [
      "two of one name",
      enrichers(`- {type: Transformer, brooklyn.config: {targetSensor: a, targetValue: 1}}
- {type: Transformer, brooklyn.config: {targetSensor: a, targetValue: 2}}`),
      `app.yaml:6:5 error duplicate-sensor: brooklyn.enrichers of service 'web' publishes the sensor 'a' a second time
  keep one of the two, or give the sensor another name`,
    ],
    [
      "a circle",
      enrichers(`- {type: Transformer, brooklyn.config: {targetSensor: a, targetValue: '$brooklyn:attributeWhenReady("b")'}}
- {type: Transformer, brooklyn.config: {targetSensor: b, targetValue: '$brooklyn:attributeWhenReady("a")'}}`),
      `app.yaml:6:84 error sensor-cycle: sensors are derived from each other in a circle: sensor a of 'web' -> sensor b of 'web' -> sensor a of 'web'
  write one of these values out`,
    ],
    [
      "a circle through configuration",
      `brooklyn.config: {a: '$brooklyn:root().attributeWhenReady("b")'}
brooklyn.initializers:
- {type: StaticSensor, brooklyn.config: {name: b, static.value: '$brooklyn:config("a")'}}
services:
- {type: docker:web, id: web}
`,
      `app.yaml:3:76 error sensor-cycle: sensors are derived from each other in a circle: a -> sensor b of the application -> a
  write one of these values out`,
    ],
    [
      "a service that waits for itself through one",
      `brooklyn.enrichers:
- {type: Transformer, brooklyn.config: {targetSensor: url, targetValue: '$brooklyn:component("web").attributeWhenReady("host.name")'}}
services:
- type: docker:web
  id: web
  env: {A: '$brooklyn:root().attributeWhenReady("url")'}
`,
      `app.yaml:6:30 error own-sensor: service 'web' reads a sensor that is derived from its own 'host.name', which is known only when it runs
  derive it from sensors of other services, or read it where it is needed by those`,
    ],
    [
      "services that wait for each other through one",
      `brooklyn.enrichers:
- {type: Transformer, brooklyn.config: {targetSensor: url, targetValue: '$brooklyn:component("web").attributeWhenReady("host.name")'}}
services:
- type: docker:web
  id: web
  links: [$brooklyn:component("db")]
- type: docker:db
  id: db
  env: {A: '$brooklyn:root().attributeWhenReady("url")'}
`,
      `app.yaml:9:30 error link-cycle: services wait for each other in a circle: web -> db -> web
  remove one of these links or references: a service starts after those that it links to or reads`,
    ],
    [
      "one that the application does not have",
      `brooklyn.initializers:
- {type: StaticSensor, brooklyn.config: {name: greeting, static.value: hello}}
services:
- type: docker:web
  id: web
  env: {A: '$brooklyn:root().attributeWhenReady("greetings")'}
`,
      `app.yaml:6:30 error unsupported-reference: the application itself has no sensor 'greetings'
  did you mean 'greeting'? its enrichers derive 'greeting'`,
    ],
  ])("tell %s", (_claim, text, expected) => {
    expect(diagnose(text)).toBe(expected);
  });
});
