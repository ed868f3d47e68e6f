import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { sandboxVariables } from "../../../engine/sandbox-variables";
import { temporaryFolder } from "./fakes";

function rootWith(content: string): string {
  const root = temporaryFolder();
  mkdirSync(join(root, ".sandbox", "default-stacks"), { recursive: true });
  writeFileSync(join(root, ".sandbox", "default-stacks", "environment.json"), content);
  return root;
}

const content = JSON.stringify({
  env: { PULUMI_BACKEND_URL: "file:///state", PULUMI_CONFIG_PASSPHRASE_FILE: "/secret" },
});

describe("the sandbox's variables", () => {
  it("are none without a sandbox", () => {
    expect(sandboxVariables(temporaryFolder(), {})).toEqual({});
  });

  it("come from its file", () => {
    expect(sandboxVariables(rootWith(content), {})).toEqual({
      PULUMI_BACKEND_URL: "file:///state",
      PULUMI_CONFIG_PASSPHRASE_FILE: "/secret",
    });
  });

  it("give way to what the user set", () => {
    expect(sandboxVariables(rootWith(content), { PULUMI_BACKEND_URL: "s3://mine" })).toEqual({
      PULUMI_CONFIG_PASSPHRASE_FILE: "/secret",
    });
  });

  it("leave out the passphrase file when the user set a passphrase", () => {
    expect(sandboxVariables(rootWith(content), { PULUMI_CONFIG_PASSPHRASE: "mine" })).toEqual({
      PULUMI_BACKEND_URL: "file:///state",
    });
  });

  it("are refused in another shape, naming the file and the remedy", () => {
    expect(() => sandboxVariables(rootWith("{}"), {})).toThrow(/environment\.json: expected .* run "npm start" again/);
  });
});
