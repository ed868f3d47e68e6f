import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { readySensor, resolveText } from "../../../components/expressions";
import { settingsSchema } from "../../../settings/schema";
import { blueprintOf } from "../blueprint/diagnose";

const SETTINGS = settingsSchema.parse({ blueprint: "app.yaml", locations: {}, secrets: { vault: { word: "a b&ä" } } });

/** The value of an expression in service `web`, where `db` has the sensors given. */
async function resolve(value: string, sensors: Record<string, unknown> = {}): Promise<string> {
  const blueprint = blueprintOf(`brooklyn.config:
  far: from the application
services:
- type: BasicApplication
  id: tier
  brooklyn.config: {url: "http://db.example.com:80/"}
  brooklyn.children:
  - type: docker:web
    id: web
    env:
      A: ${value}
- {type: docker:db, id: db}
`);
  const outputs = Object.entries(sensors).map(([name, sensor]) => [name, pulumi.output(sensor)] as const);
  const web = blueprint.services.find(({ id }) => id === "web");
  const text = resolveText(web?.env["A"] ?? { kind: "literal", value: null }, {
    blueprint,
    settings: SETTINGS,
    placements: new Map([["web", "my-docker-cloud"]]),
    components: new Map([["db", { sensors: Object.fromEntries(outputs) }]]),
  });
  const output: unknown = pulumi.output(text);
  return (output as { promise(): Promise<string> }).promise();
}

describe("an expression at deployment", () => {
  it.each<[string, string]>([
    ['$brooklyn:config("url")', "http://db.example.com:80/"],
    ['$brooklyn:config("far")', "from the application"],
    ['$brooklyn:parent().config("far")', "from the application"],
    ['$brooklyn:regexReplacement(config("url"), "^http://([^/:]+).*$", "$1")', "db.example.com"],
    ['$brooklyn:regexReplacement(component("db").attributeWhenReady("main.uri"), "/$", "")', "http://db"],
    ['$brooklyn:urlEncode(external("vault", "word"))', "a+b%26%C3%A4"],
    ['$brooklyn:urlEncode("~*-._ !()")', "%7E*-._+%21%28%29"],
    ['$brooklyn:formatString("%s/%s", location(), entityId())', "my-docker-cloud/web"],
    ["{$brooklyn:regexReplacement: [abc, b, '$brooklyn:entityId()']}", "awebc"],
  ])("%s gives %s", async (value, expected) => {
    expect(await resolve(value, { "main.uri": "http://db/" })).toBe(expected);
  });

  it.each([[false], [0], [""], [[]], [{}]])("of a sensor that is %j is an error with its place", (value) => {
    const at = { file: "app.yaml", line: 3, column: 5, path: "" };
    const expression = { kind: "attribute", service: "db", sensor: "state", at } as const;
    expect(() => readySensor(expression, value)).toThrow(
      `app.yaml:3:5: sensor 'state' of service 'db' is ${JSON.stringify(value)}, and attributeWhenReady`,
    );
  });

  it.each([[null], [undefined]])("of a sensor that is %j is an error with its place", (value) => {
    const at = { file: "app.yaml", line: 3, column: 5, path: "" };
    const expression = { kind: "attribute", service: "db", sensor: "state", at } as const;
    expect(() => readySensor(expression, value)).toThrow("app.yaml:3:5: sensor 'state' of service 'db' has no value");
  });
});
