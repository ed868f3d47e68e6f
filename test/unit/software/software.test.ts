import { execFile, execFileSync } from "node:child_process";
import { type AddressInfo, createServer, type Server } from "node:net";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { ENTITIES, entityOf } from "../../../blueprint/entity/table";
import { environmentFile } from "../../../components/software/environment-file";
import { type MachineSoftware, softwareFiles, softwareProcedure } from "../../../components/software/software";

const run = promisify(execFile);

/** A port that nothing listens on. */
async function freePort(): Promise<number> {
  const server = await listen(createServer(), "127.0.0.1", 0);
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Tells its version to whoever asks for INFO, as Redis does. */
function answerAsRedis(address: string, port: number, version: string): Promise<Server> {
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.once("data", () => socket.write(`$40\r\n# Server\r\nredis_version:${version}\r\nos:Linux\r\n`));
  });
  return listen(server, address, port);
}

function listen(server: Server, address: string, port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, address, () => resolve(server));
  });
}

const ADDRESS = "198.18.128.5";

const redis = (version: string, port = 6379, more: Partial<MachineSoftware> = {}): MachineSoftware => ({
  entity: entityOf("redis"),
  settings: { "install.version": version, "download.url": "", "redis.port": String(port) },
  asksForVersion: true,
  address: ADDRESS,
  ...more,
});
const content = (software: MachineSoftware, path: string) =>
  softwareFiles(software, {}).find((file) => file.path === path)?.content ?? "";
const step = (software: MachineSoftware, verb: string) =>
  softwareProcedure(software).steps.find(({ name }) => name.startsWith(verb))?.script ?? "";
const UNIT = "/etc/systemd/system/redis-clocker.service";

describe("Redis on a machine", () => {
  test("is configured to answer on its port", () => {
    expect(content(redis("3.0.5", 7000), "/etc/redis-clocker/redis.conf")).toContain("\nport 7000\n");
  });

  test.each([
    ["2.4.18", "bind 198.18.128.5\n"],
    ["2.8.0", "bind 127.0.0.1 198.18.128.5\n"],
    ["3.0.7", "bind 127.0.0.1 198.18.128.5\n"],
    ["3.2.0", "bind 127.0.0.1 198.18.128.5\nprotected-mode no\n"],
    ["10.0.1", "bind 127.0.0.1 198.18.128.5\nprotected-mode no\n"],
  ])("of version %s listens at the machine's own addresses, not at those of forwarders", async (version, expected) => {
    const script = step(redis(version), "customize").replace("} >/etc/redis-clocker/version.conf", "}");
    expect((await run("sh", ["-ec", script])).stdout).toBe(expected);
  });

  test("runs as its own user in a hardened unit, with a capability only for a port below 1024", () => {
    expect(content(redis("3.0.5"), UNIT)).toMatchSnapshot();
    expect(content(redis("3.0.5", 379), UNIT)).toContain(
      "AmbientCapabilities=CAP_NET_BIND_SERVICE\nCapabilityBoundingSet=CAP_NET_BIND_SERVICE\n",
    );
  });

  test("gets its environment in a file that only root reads", () => {
    const files = softwareFiles(redis("3.0.5"), { B: "1", A: "x" });
    expect(files).toContainEqual({ path: "/etc/redis-clocker/environment", content: 'A="x"\nB="1"\n', mode: "0600" });
  });

  test.each([
    ["both addresses tell the version", ["127.0.0.1", "127.0.0.9"], "ok"],
    ["the machine's own address is silent", ["127.0.0.1"], "Redis 2.8.4: nothing answers at 127.0.0.9:PORT"],
    ["the loopback address is silent", ["127.0.0.9"], "Redis 2.8.4: nothing answers at 127.0.0.1:PORT"],
  ])("verification says so when %s", async (_case, answering, expected) => {
    const port = await freePort();
    const servers = await Promise.all(answering.map((address) => answerAsRedis(address, port, "2.8.4")));
    try {
      const { script } = softwareProcedure(redis("2.8.4", port, { address: "127.0.0.9" })).verify;
      const { stdout } = await run("sh", ["-ec", `systemctl() { echo active; }\n${script}`]);
      expect(stdout.trim()).toBe(expected.replaceAll("PORT", String(port)));
    } finally {
      for (const server of servers) server.close();
    }
  });

  test("verification tells another version", async () => {
    const port = await freePort();
    const server = await answerAsRedis("127.0.0.1", port, "2.8.3");
    const { script } = softwareProcedure(redis("2.8.4", port)).verify;
    const { stdout } = await run("sh", ["-ec", `systemctl() { echo active; }\n${script}`]);
    expect(stdout.trim()).toBe(`Redis 2.8.4: 2.8.3 answers at 127.0.0.1:${port}`);
    server.close();
  });
});

describe.each(ENTITIES.filter(({ machine }) => machine !== undefined))("$title on a machine", (entity) => {
  const hostile = `1.0'; touch /tmp/x; '"$(id)\`id\``;
  const software: MachineSoftware = {
    entity,
    settings: Object.fromEntries([
      ...["install.version", "download.url", "pre.install.command"].map((key) => [key, hostile]),
      ...entity.parameters.map(({ name, type, default: preset }) => [name, type === "port" ? String(preset) : hostile]),
    ]),
    asksForVersion: true,
    address: ADDRESS,
  };

  test("has scripts that are valid shell, whatever its keys hold", () => {
    const { steps, verify } = softwareProcedure(software);
    for (const { script } of [...steps, verify]) execFileSync("sh", ["-n"], { input: script });
    expect(steps[0]?.script).toContain(`INSTALL_VERSION='1.0'\\''; touch /tmp/x; '\\''"$(id)\`id\`'\n`);
  });

  test("has files whose places and contents name keys that it has", () => {
    for (const { path, content: text } of softwareFiles(software, {}))
      expect(`${path}\n${text}`).not.toMatch(/\$\{[a-z]/);
  });
});

test("values in an environment file arrive as they are", () => {
  expect(environmentFile({ B: 'say "x" for $1 `id` \\', A: "two\nlines" })).toBe(
    'A="two\nlines"\nB="say \\"x\\" for \\$1 \\`id\\` \\\\"\n',
  );
});
