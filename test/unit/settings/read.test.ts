import * as pulumi from "@pulumi/pulumi";
import { afterEach, describe, expect, it } from "vitest";
import { readSettings } from "../../../settings/read";
import { dockerLocation, openstackLocation } from "./example";

afterEach(() => pulumi.runtime.setAllConfig({}, []));

const config = {
  "clocker:blueprint": "app.yaml",
  "clocker:locations": JSON.stringify({ docks: dockerLocation(), machines: openstackLocation() }),
  "aws:region": "eu-west-1",
};

describe("reading the stack configuration", () => {
  it("takes the keys of clocker: as the engine hands them over", () => {
    pulumi.runtime.setAllConfig(config, ["clocker:locations"]);
    const { settings, diagnostics, encryptedKeys } = readSettings();
    expect(diagnostics).toEqual([]);
    expect(settings?.blueprint).toBe("app.yaml");
    expect(Object.keys(settings?.locations ?? {})).toEqual(["docks", "machines"]);
    expect(encryptedKeys).toEqual(new Set(["clocker:locations"]));
  });

  it("refuses a credential under a key that the engine does not call secret", () => {
    pulumi.runtime.setAllConfig(config, []);
    expect(readSettings().diagnostics.map(({ code, at }) => [code, at.path])).toEqual([
      ["clear-text-credential", "clocker:locations.machines.password"],
    ]);
  });

  it("names a structure that is no JSON instead of failing on it", () => {
    pulumi.runtime.setAllConfig({ ...config, "clocker:placement": "{redis:" }, ["clocker:locations"]);
    expect(readSettings().diagnostics.map(({ message, remedy }) => `${message}; ${remedy}`)).toEqual([
      "clocker:placement is a text; it must be a map",
    ]);
  });

  it("names unknown keys of clocker: alone", () => {
    pulumi.runtime.setAllConfig({ ...config, "clocker:overides": "{}" }, ["clocker:locations"]);
    expect(readSettings().diagnostics.map(({ at }) => at.path)).toEqual(["clocker:overides"]);
  });
});
