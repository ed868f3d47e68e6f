import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { configuredSecrets, locationSettings } from "../../../providers/runtime/config";
import { callHandler } from "../../../providers/runtime/dispatch";
import type { Handler } from "../../../providers/runtime/handler";
import { PartialFailure } from "../../../providers/runtime/partial-failure";
import { redact } from "../../../providers/runtime/redact";
import { containsUnknown, UNKNOWN } from "../../../providers/runtime/unknown";

const locations = JSON.stringify({
  mesos: { type: "marathon", url: "http://m:8080", auth: { type: "basic", username: "ops", password: "hunter@2" } },
  hosts: { type: "docker", tls: { ca: "public", key: "-----KEY-----" } },
});
const settings: Record<string, string> = {
  "clocker:locations": locations,
  "clocker:secrets": JSON.stringify({ vault: { pin: "4711" } }),
};
const config = { get: (key: string) => settings[key] };

function handlerThat(behaviour: Partial<Handler>): Handler {
  const refuse = async (): Promise<never> => {
    throw new Error("not part of this test");
  };
  return { check: refuse, diff: refuse, create: refuse, read: refuse, update: refuse, delete: refuse, ...behaviour };
}

async function failureOf(call: Promise<unknown>): Promise<PartialFailure> {
  return call.then(
    () => expect.unreachable(),
    (failure) => failure,
  );
}

describe("callHandler", () => {
  test("hides the provider's text from handlers and takes undefined out of results", async () => {
    const seen: unknown[] = [];
    const handler = handlerThat({
      async create(inputs) {
        seen.push(inputs);
        return { id: "x", outs: { a: 1, gone: undefined, deep: [{ b: undefined, c: null }, undefined] } };
      },
    });
    const result = await callHandler(handler, "create", [{ a: 1, __provider: "text" }]);
    expect(seen).toEqual([{ a: 1 }]);
    expect(result).toStrictEqual({ id: "x", outs: { a: 1, deep: [{ c: null }, null] } });
  });

  test("tells the engine by an empty id that a thing is gone", async () => {
    const handler = handlerThat({ read: async () => undefined });
    expect(await callHandler(handler, "read", ["x", {}])).toEqual({ id: "", props: {} });
  });

  test("adds the provider's newest text to a partial failure", async () => {
    const handler = handlerThat({
      async update(id) {
        throw new PartialFailure("half", { id, properties: { a: 1, b: undefined }, reasons: ["because"] });
      },
    });
    const failure = callHandler(handler, "update", ["x", { __provider: "old" }, { __provider: "new" }]);
    await expect(failure).rejects.toMatchObject({
      id: "x",
      properties: { a: 1, __provider: "new" },
      reasons: ["because"],
    });
  });

  test("cuts a partial failure down to what the engine can receive, largest properties first", async () => {
    const properties = { small: "s", large: "x".repeat(50_000), middle: "y".repeat(5_000) };
    const handler = handlerThat({
      async create() {
        throw new PartialFailure("z".repeat(9_000), { id: "x", properties });
      },
    });
    const error = await failureOf(callHandler(handler, "create", [{ __provider: "text" }]));
    expect(error.properties).toEqual({ small: "s", middle: properties.middle, __provider: "text" });
    expect(error.message.length + error.reasons.join().length).toBeLessThan(5_000);
  });

  test("keeps every configured credential out of messages and reasons", async () => {
    const text = "ops:hunter@2 failed with -----KEY----- and 4711 (hunter%402)";
    for (const error of [new Error(text), new TypeError(text), new PartialFailure(text, { id: "x", properties: {} })]) {
      const handler = handlerThat({
        async delete() {
          throw error;
        },
      });
      const shown = await failureOf(callHandler(handler, "delete", ["x", {}], config));
      const everything = `${shown.message} ${shown.stack} ${shown.reasons}`;
      expect(everything).toContain("ops:[secret] failed with [secret] and [secret]");
      for (const secret of ["hunter", "KEY", "4711"]) expect(everything).not.toContain(secret);
    }
  });
});

describe("redact", () => {
  test("leaves no secret of three characters or more in any text", () => {
    const secret = fc.string({ minLength: 3, maxLength: 12 }).filter((text) => !"[secret]".includes(text));
    fc.assert(
      fc.property(
        fc.string(),
        fc.uniqueArray(secret, { minLength: 1, maxLength: 1 }),
        fc.string(),
        (a, [hidden], b) => {
          const text = `${a}|${hidden}|${JSON.stringify(hidden)}|${b}`;
          expect(redact(text, [hidden as string]).replaceAll("[secret]", "\0")).not.toContain(hidden);
        },
      ),
    );
  });

  test("hides the longer of two secrets that begin alike", () => {
    expect(redact("token abcdef", ["abc", "abcdef"])).toBe("token [secret]");
  });
});

describe("containsUnknown", () => {
  test("finds an unknown at any depth, alone or inside a text", () => {
    expect(containsUnknown({ a: [{ b: UNKNOWN }] })).toBe(true);
    expect(containsUnknown(`http://${UNKNOWN}:80`)).toBe(true);
    expect(containsUnknown({ a: [1, null, "x", { b: true }] })).toBe(false);
  });
});

describe("locationSettings", () => {
  const schema = z.object({ url: z.string() });

  test("reads the part that a provider asks for", () => {
    expect(locationSettings(config, "mesos", schema)).toEqual({ url: "http://m:8080" });
  });

  test("names the configured locations when one is missing", () => {
    expect(() => locationSettings(config, "mesoss", schema)).toThrow(
      /location "mesoss" is not configured: clocker:locations has hosts, mesos\./,
    );
  });

  test("names the field that is wrong, without its value", () => {
    expect(() => locationSettings(config, "hosts", schema)).toThrow(/hosts\.url: Invalid input: expected string/);
    expect(() => locationSettings({ get: () => "{secret" }, "x", schema)).toThrow("must be an object");
  });

  test("collects credentials, not what stands beside them", () => {
    expect(configuredSecrets(config).sort()).toEqual(["-----KEY-----", "4711", "hunter@2"]);
  });

  test("collects the credentials of the network", () => {
    const etcd = { endpoints: ["https://e:2379"], cert: "CERT", key: "KEY", username: "u", password: "p4ss" };
    const network = JSON.stringify({ calico: { etcd }, dns: { tsig: { name: "n", secret: "s3cret" } } });
    const get = (name: string) => (name === "clocker:network" ? network : undefined);
    expect(configuredSecrets({ get }).sort()).toEqual(["KEY", "p4ss", "s3cret"]);
  });
});
