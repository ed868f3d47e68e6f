import * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import { RecordSet } from "../../../../providers/dns/resource";

test("a record set registers its type and its inputs alone, without any credential", async () => {
  const registered: { type: string; inputs: Record<string, unknown> }[] = [];
  const newResource = ({ name, type, inputs }: pulumi.runtime.MockResourceArgs) => {
    registered.push({ type, inputs });
    return { id: name, state: inputs };
  };
  await pulumi.runtime.setMocks({ call: () => ({}), newResource }, "shop", "production");
  const values = [pulumi.output("192.0.2.1")];
  const resource = new RecordSet("r", { name: "web.example.com", type: "A", values, ttl: 60 });
  const shown = await new Promise((resolve) => resource.values.apply(resolve));
  expect(shown).toEqual(["192.0.2.1"]);
  expect(registered).toEqual([
    {
      type: "pulumi-nodejs:dynamic/dns:RecordSet",
      inputs: {
        name: "web.example.com",
        type: "A",
        values: ["192.0.2.1"],
        ttl: 60,
        __provider: expect.stringContaining("dns.RecordSet"),
      },
    },
  ]);
});
