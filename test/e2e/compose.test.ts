import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { serviceName } from "../../placement/names";
import { connectDocker } from "../../providers/docker/connection";
import { readFiles } from "../../sandbox/container-files";
import { openPage } from "./support/page";
import { ROOT, Stack } from "./support/stack";

const FIXTURE = path.join(ROOT, "test", "e2e", "fixtures", "compose");
const SECRET = "open-sesame";

let stack: Stack;
let folder: string;

/** What `clocker convert` writes of the Compose file. */
function converted(): string {
  const file = path.join(folder, "source", "compose.yaml");
  const output = path.join(folder, "blueprint.yaml");
  const main = path.join(ROOT, "bin", "ops", "clocker", "main.js");
  const { status, stderr } = spawnSync("node", [main, "convert", file, "--output", output], { encoding: "utf8" });
  if (status !== 0) throw new Error(`clocker convert ended with ${status}: ${stderr}`);
  return output;
}

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "clocker-compose-"));
  cpSync(FIXTURE, path.join(folder, "source"), { recursive: true });
  const placement = Object.fromEntries(["store", "painter", "admin"].map((id) => [id, "my-docker-cloud/host-b"]));
  stack = await Stack.open("compose", converted(), { placement, secrets: { compose: { token: SECRET } } });
  await stack.up();
});

afterAll(async () => {
  await stack?.remove();
  if (folder) rmSync(folder, { recursive: true });
});

describe("a Compose file of six services, converted", () => {
  const host = () => stack.clouds.host("host-a");
  const container = (service: string) => serviceName(stack.physicalName("monsters"), service, 63);

  test("is deployed without the service whose profile is inactive", async () => {
    const { services } = await stack.outputs();
    expect(Object.keys(services).sort()).toEqual(["admin", "dnmonster", "painter", "redis", "store", "web"]);
  });

  test("answers on both of its ports, each with a picture and a cache of its own", async () => {
    const { services } = await stack.outputs();
    for (const id of ["web", "admin"]) {
      const url = `http://${services[id]?.endpoints[0]}`;
      const caches = [await openPage(url, "visitor"), await openPage(url, "visitor")].map(({ cache }) => cache);
      expect(caches, id).toEqual(["miss", "hit"]);
    }
  });

  test("has containers as it says: check, init, capabilities, limits, mounts, names and policies", async () => {
    const inspect = (service: string) => connectDocker(host()).getContainer(container(service)).inspect();
    const [redis, dnmonster, web] = await Promise.all([inspect("redis"), inspect("dnmonster"), inspect("web")]);
    expect(redis.State.Health?.Status).toBe("healthy");
    expect(redis.HostConfig).toMatchObject({ Init: true, Memory: 128 * 1024 ** 2, NanoCpus: 5e8 });
    expect(redis.HostConfig.CapDrop?.map((name: string) => name.replace("CAP_", ""))).toEqual(["SYS_CHROOT"]);
    expect(redis.Mounts.map(({ Type, Name, Destination }) => [Type, Name, Destination])).toContainEqual([
      "volume",
      `${stack.physicalName("monsters")}-cache`,
      "/data",
    ]);
    expect(dnmonster.HostConfig).toMatchObject({ ReadonlyRootfs: true, Tmpfs: { "/tmp": "" } });
    expect(dnmonster.Config.Labels).toMatchObject({ team: "shop", "clocker.service": "dnmonster" });
    expect(web.Config.Hostname).toBe("front");
    expect(web.HostConfig.RestartPolicy).toEqual({ Name: "on-failure", MaximumRetryCount: 5 });
  });

  test("has its files in the container, and the secret one nowhere in clear in the state", async () => {
    const web = connectDocker(host()).getContainer(container("web"));
    const contents = async (path: string) => [...((await readFiles(web, path))?.values() ?? [])].map(String);
    expect(await contents("/etc/motd")).toEqual(["monsters live here"]);
    expect(await contents("/run/secrets/token")).toEqual([SECRET]);
    expect(await stack.export()).not.toContain(SECRET);
  });

  test("has an empty second preview, also after a refresh", async () => {
    expect(await stack.changes()).toEqual([]);
    await stack.must(["refresh", "--yes", "--skip-preview", "--expect-no-changes", "--suppress-progress"]);
    expect(await stack.changes()).toEqual([]);
  });

  test("has a service of an image that its host built, which changes with its files", async () => {
    const painter = connectDocker(stack.clouds.host("host-b")).getContainer(container("painter"));
    expect([...((await readFiles(painter, "/etc/palette"))?.values() ?? [])].map(String)).toEqual(["green\n"]);
    const { Config: config } = await painter.inspect();
    expect(config.Labels).toMatchObject({ colour: "green", "clocker.service": "painter" });
    writeFileSync(path.join(folder, "source", "painter", "palette"), "blue\n");
    const changed = (await stack.changes()).map(({ urn }) => urn.replace(/^.*::/, ""));
    expect(changed).toEqual(expect.arrayContaining(["painter-image", "painter-container"]));
    expect(changed.filter((name) => /^(?:redis|web|dnmonster)-/.test(name))).toEqual([]);
  });

  test("leaves no container, image, network or volume when it is destroyed", async () => {
    await stack.must(["destroy", "--yes", "--skip-preview", "--suppress-progress"]);
    expect(await stack.clouds.dockerLeftovers(stack.name)).toEqual([]);
    const { Volumes: volumes } = await connectDocker(host()).listVolumes();
    expect(volumes.filter(({ Name }) => Name.startsWith(stack.physicalName("monsters")))).toEqual([]);
  });
});
