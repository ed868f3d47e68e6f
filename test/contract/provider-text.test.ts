import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { Kind } from "../../providers/handlers";
import { providerText } from "./support/provider-text";

describe("the provider's text in the state", () => {
  test.each<[Kind, string]>([
    ["docker.Readiness", "dynamic/docker:Readiness"],
    ["machine.Setup", "dynamic/machine:Setup"],
    ["machine.SshKey", "dynamic/machine:SshKey"],
    ["marathon.App", "dynamic/marathon:App"],
  ])("of %s is small and never changes", async (kind, type) => {
    const stored = await providerText(kind);
    expect(stored.type).toBe(`pulumi-nodejs:${type}`);
    expect(stored.text.length).toBeLessThan(2200);
    const withoutKind = stored.text.replace(kind, "KIND");
    expect(createHash("sha256").update(withoutKind).digest("hex")).toBe(
      "5ab479de52dc12db04e0365b02647bd792c12e69cdf429c2be206c2b576de51e",
    );
  });
});
