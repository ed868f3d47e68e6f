import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import AdmZip from "adm-zip";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { serviceName } from "../../placement/names";
import { connectDocker } from "../../providers/docker/connection";
import { openPage } from "./support/page";
import { ROOT, Stack } from "./support/stack";

const PORT = 8087;

let stack: Stack;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "clocker-tosca-"));
  const archive = new AdmZip();
  archive.addLocalFolder(path.join(ROOT, "test", "e2e", "fixtures", "tosca"));
  const file = path.join(folder, "monsters.csar");
  archive.writeZip(file);
  const location = "my-docker-cloud";
  const placement = { web: location, redis: location, dnmonster: `${location}/host-b` };
  stack = await Stack.open("tosca", file, { placement, inputs: { port: PORT, mode: "test" } });
  await stack.up();
});

afterAll(async () => {
  await stack?.remove();
  if (folder) rmSync(folder, { recursive: true });
});

describe("a TOSCA archive", () => {
  test("answers at the address that its output tells, from its cache the second time", async () => {
    const { outputs, services } = await stack.outputs();
    expect(outputs).toEqual({ url: `http://${services["web"]?.endpoints[0]}/`, cache: 6379 });
    const url = String(outputs?.["url"]);
    const caches = [await openPage(url, "visitor"), await openPage(url, "visitor")].map(({ cache }) => cache);
    expect(caches).toEqual(["miss", "hit"]);
  });

  test("has containers with the stack's inputs, attributes of other nodes and the runtime's size", async () => {
    const { services } = await stack.outputs();
    const web = connectDocker(stack.clouds.host("host-a")).getContainer(
      serviceName(stack.physicalName("monsters"), "web", 63),
    );
    const { Config: config, HostConfig: host } = await web.inspect();
    expect(host.Memory).toBe(256 * 1024 ** 2);
    expect(config.Env).toEqual(expect.arrayContaining(["MODE=test", expect.stringMatching(/^CACHE=\S+:6379$/)]));
    expect(services["dnmonster"]?.location).toBe("my-docker-cloud/host-b");
  });

  test("has an empty second preview, and leaves nothing when it is destroyed", async () => {
    expect(await stack.changes()).toEqual([]);
    await stack.must(["destroy", "--yes", "--skip-preview", "--suppress-progress"]);
    expect(await stack.clouds.dockerLeftovers(stack.name)).toEqual([]);
  });
});
