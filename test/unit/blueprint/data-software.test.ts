import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { containerService } from "../../../blueprint/entity/container-form";
import { ENTITIES, entityOf } from "../../../blueprint/entity/table";
import { parseBlueprint } from "../../../blueprint/parse";
import { place } from "../../../placement/place";
import { settings } from "../placement/blueprints";

const SECRET = "correct horse";

function parse(type: string, config: object) {
  return parseBlueprint(JSON.stringify({ services: [{ type, id: "db", "brooklyn.config": config }] }), "app.json");
}

/** Paths to all texts that hold the secret. */
function findSecret(value: unknown, path: string): string[] {
  if (typeof value !== "object" || value === null) return String(value).includes(SECRET) ? [path] : [];
  return Object.entries(value).flatMap(([key, inner]) => findSecret(inner, `${path}.${key}`));
}

const FETCHED = "https://example.org/create";

describe.each([
  ["MySqlNode", "mysql.password"],
  ["MariaDbNode", "mariadb.password"],
  ["PostgreSqlNode", "postgresql.password"],
  ["MongoDBServer", "mongodb.root.password"],
  ["CouchbaseNode", "couchbase.adminPassword"],
])("%s", (type, key) => {
  const config = { [key]: SECRET };

  test("has no password of its own", () => {
    expect(parse(type, {}).diagnostics.map(({ message }) => message)).toEqual([
      expect.stringContaining(`${key} of service 'db' is needed`),
    ]);
  });

  test("has its password in secret values alone, as a container in its environment alone", () => {
    const { blueprint, diagnostics } = parse(type, config);
    expect(diagnostics).toEqual([]);
    const [service] = blueprint?.services ?? [];
    if (service?.workload.kind !== "software") throw new Error("no software");
    expect(service.workload.settings[key]).toEqual({ kind: "secret", value: SECRET });
    const { env, config: own, ...others } = containerService(service);
    expect(own[key]).toEqual({ kind: "secret", value: SECRET });
    expect(findSecret(others, "")).toEqual([]);
    expect(JSON.stringify(others)).not.toContain(key);
    expect(Object.values(env).filter((value) => value.kind === "config" && value.key === key)).toHaveLength(1);
  });
});

test.each([
  ["MySqlNode", "mysql.password", "datastore.creation.script.url"],
  ["MariaDbNode", "mariadb.password", "datastore.creation.script.url"],
  ["PostgreSqlNode", "postgresql.password", "datastore.creation.script.url"],
  ["MongoDBServer", "mongodb.root.password", "mongodb.shell.url"],
])("what a container of %s cannot honour is told", (type, key, machinesOnly) => {
  const { blueprint } = parse(type, { [key]: SECRET, [machinesOnly]: FETCHED });
  if (blueprint === undefined) throw new Error("no blueprint");
  const at = (location: string) => place(blueprint, settings({ placement: { db: location } }), "dev").diagnostics;
  expect(at("machines")).toEqual([]);
  expect(at("docks").map(({ message }) => message)).toEqual([
    expect.stringContaining(`${machinesOnly} of service 'db' has no effect at location 'docks'`),
  ]);
});

test.each(ENTITIES.filter(({ container }) => container?.commands?.[0] === "bash"))(
  "the script of $title in a container is valid",
  ({ container }) => {
    expect(container?.commands?.[1]).toBe("-ec");
    execFileSync("bash", ["-n"], { input: String(container?.commands?.[2]) });
  },
);

test.each([
  ["MySqlNode", "mysql.password"],
  ["MariaDbNode", "mariadb.password"],
  ["PostgreSqlNode", "postgresql.password"],
])("two creation scripts of %s are told, and an address that is none", (type, key) => {
  const scripts = { creationScriptContents: "select 1", creationScriptUrl: FETCHED };
  const both = parse(type, { [key]: SECRET, ...scripts }).diagnostics;
  expect(both.map(({ code, message }) => `${code}: ${message}`)).toEqual([
    "conflicting-keys: creationScriptUrl of service 'db' stands beside creationScriptContents, and one at most may be given",
  ]);
  const none = parse(type, { [key]: SECRET, creationScriptUrl: "create.sql" }).diagnostics;
  expect(none.map(({ code }) => code)).toEqual(["bad-url"]);
});

test("a key that means nothing alone is told with what it needs", () => {
  const { diagnostics } = parse("MySqlNode", { "mysql.password": SECRET, "mysql.username": "shop" });
  expect(diagnostics).toMatchObject([
    {
      code: "missing-key",
      message: "mysql.username of service 'db' means nothing without mysql.database and mysql.userPassword",
    },
  ]);
});

test("MariaDB and MySQL are one on machines", () => {
  expect(entityOf("mariadb").machine).toBe(entityOf("mysql").machine);
});
