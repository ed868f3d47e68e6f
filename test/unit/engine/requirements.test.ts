import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { projectRoot, readRequirements, describe as tell } from "../../../engine/requirements";
import { temporaryFolder } from "./fakes";

function project(pins: Record<string, string>): string {
  const root = temporaryFolder();
  mkdirSync(join(root, "engine"));
  writeFileSync(join(root, "package.json"), JSON.stringify({ dependencies: pins }));
  writeFileSync(
    join(root, "engine", "go.mod"),
    `module x\n\ngo 1.25.11\n\nrequire (\n\tgithub.com/pulumi/pulumi/pkg/v3 v3.218.0 // indirect\n)\n`,
  );
  return root;
}

const pins = { "@pulumi/pulumi": "3.248.0", "@pulumi/docker": "5.2.0", "@pulumi/openstack": "3.15.2" };

describe("what the project asks of its engine", () => {
  it("comes from the pins in package.json and from go.mod", () => {
    const root = project(pins);
    expect(readRequirements(root)).toEqual({
      root,
      builtCli: [3, 218, 0],
      downloadedCli: [3, 248, 0],
      plugins: [
        { name: "docker", version: "5.2.0" },
        { name: "openstack", version: "3.15.2" },
      ],
      go: [1, 25, 11],
    });
  });

  it.each(["^5.2.0", "5.x", "latest"])("refuses the pin %j", (version) => {
    expect(() => readRequirements(project({ ...pins, "@pulumi/docker": version }))).toThrow(
      `dependency @pulumi/docker must be pinned to an exact version, it is ${version}`,
    );
  });

  it("refuses a missing pin", () => {
    expect(() => readRequirements(project({ "@pulumi/pulumi": "3.248.0" }))).toThrow(
      "dependency @pulumi/docker must be pinned to an exact version, it is undefined",
    );
  });

  it("can be read from this project", () => {
    expect(tell(readRequirements(projectRoot()))).toMatch(
      /^Pulumi CLI 3\.\d+\.\d+ or newer, its Node language host, plugins docker \d\S+, openstack \d\S+$/,
    );
  });
});
