import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import AdmZip from "adm-zip";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseBlueprint } from "../../blueprint/parse";
import { readmeBlocks } from "../support/readme";

const ROOT = path.join(__dirname, "..", "..");
const MAIN = path.join(ROOT, "bin", "ops", "clocker", "main.js");

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "clocker-cli-"));
  cpSync(path.join(ROOT, "examples"), folder, { recursive: true });
  writeFileSync(path.join(folder, "bad.yaml"), "services:\n- type: docker:redis:3\n  openPort: 6379\n");
  writeFileSync(path.join(folder, "loose.yaml"), "services:   # all\n   - {type: docker:redis:3,   id: redis}\n\n\n");
  writeFileSync(
    path.join(folder, "latin1.yaml"),
    Buffer.from("services:\n- type: docker:redis:3\n  name: Sch\xf6n\n", "latin1"),
  );
});

afterAll(() => rmSync(folder, { recursive: true }));

function clocker(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync("node", [MAIN, ...args], { cwd: folder, encoding: "utf8" });
  return { status, stdout, stderr };
}

function examples(): readonly string[] {
  return readdirSync(path.join(ROOT, "examples")).filter((name) => name.endsWith(".yaml"));
}

describe("clocker", () => {
  test("check of the examples finds nothing and ends with 0", () => {
    const { status, stdout } = clocker("check", "--catalog", "catalog", ...examples());
    expect(stdout).toBe(`${examples().length} files: 0 errors, 0 warnings\n`);
    expect(status).toBe(0);
  });

  test("check of a broken file shows the place without colour in a pipe, and ends with 1", () => {
    const { status, stdout } = clocker("check", "bad.yaml");
    expect(stdout).toContain(
      "bad.yaml:3:3 error unknown-key: service 'redis' has the unknown key 'openPort'\n 3 |   openPort: 6379\n   |   ^\n",
    );
    expect(stdout).not.toContain("\u001b");
    expect(status).toBe(1);
  });

  test("check of a catalog tells the problems of its items once, at their places", () => {
    const items = [
      "  - {id: good, item: {type: 'docker:web'}}",
      "  - {id: a, item: {type: b}}",
      "  - {id: b, item: {type: a}}",
    ];
    const more = ["  - id: bad", "    item:", "      type: good", "      openPort: 80"];
    writeFileSync(path.join(folder, "bad.bom"), ["brooklyn.catalog:", "  items:", ...items, ...more, ""].join("\n"));
    writeFileSync(path.join(folder, "uses.yaml"), "services: [{type: bad}, {type: cache}]\n");
    const { status, stdout } = clocker("check", "bad.bom", "catalog/identidock.bom", "--catalog", "catalog");
    expect(stdout).toContain(
      "bad.bom:9:7 error unknown-key: service 'bad' has the unknown key 'openPort'\n 9 |       openPort: 80\n   |       ^\n",
    );
    expect(stdout.match(/catalog-cycle/g)).toHaveLength(2);
    expect(stdout).toContain("2 files: 3 errors, 0 warnings");
    expect(status).toBe(1);
    const used = clocker("check", "uses.yaml", "--catalog", "catalog", "--catalog", "bad.bom");
    expect(used.stdout).toContain("bad.bom:9:7 error unknown-key");
    expect(used.stdout).toContain("1 file: 1 error, 0 warnings");
    expect(clocker("check", "6-catalog.yaml", "--catalog", "gone").stdout).toContain(
      "gone error unreadable-file: cannot read the catalog: there is no such file",
    );
  });

  test("check --json and --sarif write nothing but their format", () => {
    expect(JSON.parse(clocker("check", "--json", "bad.yaml").stdout)).toMatchObject({
      files: ["bad.yaml"],
      diagnostics: [{ code: "unknown-key", severity: "error", at: { line: 3, column: 3 } }],
    });
    expect(JSON.parse(clocker("check", "--sarif", "bad.yaml").stdout)).toMatchObject({ version: "2.1.0" });
  });

  test("check names files that cannot be read, and the line that is no UTF-8", () => {
    const { status, stdout } = clocker("check", "gone.yaml", "latin1.yaml", ".");
    expect(stdout).toContain("gone.yaml error unreadable-file: cannot read the blueprint: there is no such file");
    expect(stdout).toContain(
      "latin1.yaml:3:1 error unreadable-file: cannot read the blueprint: it is not text in UTF-8",
    );
    expect(stdout).toContain("cannot read the blueprint: it is a folder");
    expect(status).toBe(1);
  });

  test("fmt lays a file out once, keeps its comments and its meaning, and then has nothing to do", () => {
    const file = path.join(folder, "loose.yaml");
    const before = readFileSync(file, "utf8");
    expect(clocker("fmt", "--check", "loose.yaml")).toMatchObject({
      status: 1,
      stdout: "loose.yaml is not laid out\n",
    });
    expect(readFileSync(file, "utf8")).toBe(before);
    expect(clocker("fmt", "loose.yaml").status).toBe(0);
    const after = readFileSync(file, "utf8");
    expect(after).toContain("# all");
    const services = (text: string) =>
      parseBlueprint(text, "x.yaml").blueprint?.services.map(({ id, type }) => [id, type]);
    expect(services(after)).toEqual(services(before));
    expect(clocker("fmt", "--check", "loose.yaml", ...examples())).toMatchObject({ status: 0, stdout: "" });
  });

  test("convert refuses to overwrite, and a wrong command line ends with 2", () => {
    const written = clocker("convert", "1-docker.yaml", "--output", "bad.yaml");
    expect(written.status).toBe(2);
    expect(written.stderr).toContain("bad.yaml exists already and stays");
    expect(clocker("chek").status).toBe(2);
  });

  test("convert writes a blueprint that means the same", () => {
    const { status, stdout } = clocker("convert", "5-docker-mesos-openstack.yaml");
    expect(status).toBe(0);
    const original = readFileSync(path.join(folder, "5-docker-mesos-openstack.yaml"), "utf8");
    const meaning = (text: string) =>
      JSON.stringify(parseBlueprint(text, "x.yaml"), (key, value) => (key === "at" ? undefined : value));
    expect(meaning(stdout)).toBe(meaning(original));
  });

  test("check and convert read the template in an archive, and show the line inside where a problem lies", () => {
    const template = readmeBlocks("yaml").find((block) => block.startsWith("tosca_definitions_version")) ?? "";
    const archive = new AdmZip();
    archive.addFile("shop.yaml", Buffer.from(template));
    archive.writeZip(path.join(folder, "good.csar"));
    expect(clocker("check", "good.csar")).toMatchObject({ status: 0, stdout: "1 file: 0 errors, 0 warnings\n" });
    const { status, stdout } = clocker("convert", "good.csar");
    expect(status).toBe(0);
    expect(stdout).toContain("# Made of the TOSCA template good.csar.\n");
    expect(parseBlueprint(stdout, "shop.yaml").blueprint?.services).toHaveLength(2);
    expect(clocker("fmt", "good.csar").stderr).toContain("good.csar error packed-file: an archive is not laid out");

    archive.updateFile("shop.yaml", Buffer.from(template.replace("requirements:", "requirement:")));
    archive.writeZip(path.join(folder, "bad.csar"));
    const bad = clocker("check", "bad.csar");
    expect(bad.status).toBe(1);
    expect(bad.stdout).toMatch(
      /^bad\.csar!shop\.yaml:11:7 error unknown-key: .*\n 11 \| {7}requirement: .*\n {4}\| {7}\^$/m,
    );
    expect(clocker("convert", "bad.csar").stderr).toContain(" 11 |       requirement: ");
  });

  test("the README's commands end well", () => {
    const prefix = "npm run clocker -- ";
    const lines = readmeBlocks("sh").flatMap((block) => block.split("\n"));
    const commands = lines
      .filter((line) => line.startsWith(prefix))
      .map((line) => line.slice(prefix.length).split(" "));
    expect(commands.length).toBeGreaterThan(1);
    for (const args of commands)
      expect(spawnSync("node", [MAIN, ...args], { cwd: ROOT }).status, args.join(" ")).toBe(0);
  });
});
