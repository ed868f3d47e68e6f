import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { parseBlueprint } from "../../../blueprint/parse";
import { Application } from "../../../components/application";
import { type DerivedSensors, derivedSensors } from "../../../components/derived-sensors";
import { place } from "../../../placement/place";
import { settingsSchema } from "../../../settings/schema";
import { blueprintOf } from "../blueprint/diagnose";
import { applicationArgs } from "./application-args";
import { inputsOf, recordResources } from "./recorder";

const SETTINGS = settingsSchema.parse({
  blueprint: "unit.yaml",
  locations: {
    docks: { type: "docker", hosts: { "host-a": { url: "tcp://198.18.0.11:2376", address: "198.18.0.11" } } },
  },
  secrets: { vault: { word: "hunter2" } },
});
const transformer = (sensor: string, value: string) =>
  `- {type: org.apache.brooklyn.enricher.stock.Transformer, brooklyn.config: {targetSensor: ${sensor}, targetValue: '${value}'}}`;

function promised<T>(output: pulumi.Output<T>): Promise<T> {
  return (output as unknown as { promise(): Promise<T> }).promise();
}

async function deploy(text: string) {
  const { blueprint, diagnostics } = parseBlueprint(text, "unit.yaml");
  expect(diagnostics).toEqual([]);
  const plan = blueprint && place(blueprint, SETTINGS, "unit").plan;
  if (blueprint === undefined || plan === undefined) throw new Error("no plan");
  let made: Application | undefined;
  const recorded = await recordResources(() => {
    made = new Application("app", applicationArgs(blueprint, SETTINGS, plan));
  });
  if (made === undefined) throw new Error("no application");
  return { made, recorded };
}

describe("sensors that enrichers derive", () => {
  it("of the application are outputs of the stack, and main.uri its address", async () => {
    const { made } = await deploy(`id: app
location: docks
brooklyn.enrichers:
${transformer("main.uri", '$brooklyn:formatString("http://%s/", component("web").attributeWhenReady("host.name"))')}
services:
- {type: "docker:web:1", id: web, portBindings: {80: 9090}}
`);
    expect(Object.keys(made.sensors.application ?? {})).toEqual(["main.uri"]);
    expect(made.sensors.services).toBeUndefined();
    expect(await promised(pulumi.output(made.sensors.application?.["main.uri"]))).toBe("http://host-a/");
    expect(await promised(pulumi.output(made.url))).toBe("http://host-a/");
  });

  it("of a service stand in for the platform's, for consumers, for the address and in the outputs", async () => {
    const { made, recorded } = await deploy(`id: app
location: docks
services:
- type: "docker:client:1"
  id: client
  env: {URL: '$brooklyn:component("web").attributeWhenReady("main.uri")'}
- type: "docker:web:1"
  id: web
  portBindings: {80: 9090}
  brooklyn.enrichers:
  ${transformer("main.uri", '$brooklyn:formatString("http://%s/", attributeWhenReady("host.name"))')}
  - type: org.apache.brooklyn.enricher.stock.Propagator
    brooklyn.config: {sensorMapping: {mapped.docker.port.9090: main.address}}
`);
    expect(inputsOf(recorded, "client-container")["envs"]).toEqual(["URL=http://host-a/"]);
    expect(await promised(pulumi.output(made.sensors.services))).toEqual({
      web: { "main.uri": "http://host-a/", "main.address": "198.18.0.11:80" },
    });
    expect(await promised(pulumi.output(made.url))).toBe("http://host-a/");
  });

  it("let their readers wait for what they are derived from", async () => {
    const { recorded } = await deploy(`id: app
location: docks
brooklyn.enrichers:
- type: org.apache.brooklyn.enricher.stock.Propagator
  brooklyn.config: {producer: '$brooklyn:component("db")', propagating: [host.subnet.address]}
services:
- {type: "docker:web:1", id: web, env: {DB: '$brooklyn:root().attributeWhenReady("host.subnet.address")'}}
- {type: "docker:db:1", id: db, openPorts: 6379}
`);
    expect(inputsOf(recorded, "web-container")["envs"]).toEqual(["DB=198.18.64.2"]);
  });
});

describe("sensors that are derived from others", () => {
  const text = (value: string) => `brooklyn.enrichers:
${transformer("derived", value)}
services:
- {type: docker:db, id: db}
`;
  const derive = (value: string, sensors: Record<string, unknown>): DerivedSensors => {
    const outputs = Object.entries(sensors).map(([name, sensor]) => [name, pulumi.output(sensor)] as const);
    const blueprint = blueprintOf(text(value));
    const components = new Map([["db", { sensors: Object.fromEntries(outputs) }]]);
    return derivedSensors(blueprint, { blueprint, settings: SETTINGS, placements: new Map(), components });
  };
  const derived = (value: string, sensors: Record<string, unknown>) =>
    promised(pulumi.output(derive(value, sensors).application?.["derived"]));

  it.each([
    '$brooklyn:component("db").attributeWhenReady("state")',
    '$brooklyn:formatString("%s!", component("db").attributeWhenReady("state"))',
    '$brooklyn:regexReplacement(component("db").attributeWhenReady("state"), "a", "b")',
    '$brooklyn:urlEncode(component("db").attributeWhenReady("state"))',
  ])("have no value while those are not ready, which is no error: %s", async (value) => {
    for (const state of [undefined, false, 0, ""]) expect(await derived(value, { state })).toBeUndefined();
    expect(await derived(value, { state: "c" })).toMatch(/^c/);
  });

  it("are secret if those are", async () => {
    const output = derive('$brooklyn:formatString("%s!", external("vault", "word"))', {}).application?.["derived"];
    expect(await pulumi.isSecret(pulumi.output(output))).toBe(true);
  });

  it("that do not exist are an error with the names of those that do", () => {
    expect(() => derive('$brooklyn:component("db").attributeWhenReady("b")', { a: 1 })).toThrow(
      /app\.yaml:2:\d+: service 'db' has no sensor 'b' where it is placed; its sensors are a/,
    );
  });
});
