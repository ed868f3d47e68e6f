import { execFile, execFileSync } from "node:child_process";
import { type AddressInfo, createServer, type Server } from "node:net";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { environmentFile } from "../../../components/software/environment-file";
import { redisFiles, redisImage, redisProcedure } from "../../../components/software/redis";

const redis = (version: string, port = 6379, downloadUrl?: string) => ({
  kind: "redis" as const,
  version,
  port,
  ...(downloadUrl !== undefined && { downloadUrl }),
});

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

const files = (version: string, port?: number, environment: Record<string, string> = {}) =>
  redisFiles(redis(version, port), ADDRESS, environment);
const configuration = (version: string, port?: number) => files(version, port)[0]?.content ?? "";
const unit = (version: string, port?: number) => files(version, port)[2]?.content ?? "";
const procedure = (...args: Parameters<typeof redis>) => redisProcedure(redis(...args), ADDRESS);
const script = (step: number, ...args: Parameters<typeof redis>) => procedure(...args).steps[step]?.script ?? "";

describe("Redis on a machine", () => {
  test("is configured to answer on its port alone, and not at the loopback addresses of forwarders", () => {
    expect(configuration("3.0.5", 7000)).toBe(`# Written by Clocker; changes are undone.
# Not every address: forwarders of links listen on the same port at loopback addresses of their own.
bind 127.0.0.1 198.18.128.5
port 7000
daemonize no
dir /var/lib/redis-clocker
logfile ""
`);
  });

  test.each([
    ["2.4.18", "198.18.128.5"],
    ["2.6.17", "198.18.128.5"],
    ["2.8.0", "127.0.0.1 198.18.128.5"],
    ["10.0.1", "127.0.0.1 198.18.128.5"],
  ])("of version %s listens at, and is asked at, %s", (version, addresses) => {
    expect(configuration(version)).toContain(`\nbind ${addresses}\n`);
    expect(script(1, version)).toContain(`for address in ${addresses}; do\n`);
    expect(procedure(version).verify.script).toContain(`for address in ${addresses}; do\n`);
  });

  test.each([
    ["2.8.4", false],
    ["3.0.7", false],
    ["3.2.0", true],
    ["7.0.15", true],
  ])("of version %s has protected mode: %s", (version, expected) => {
    expect(configuration(version).includes("protected-mode no")).toBe(expected);
  });

  test("runs as its own user in a hardened unit, with a capability only for a port below 1024", () => {
    expect(unit("3.0.5")).toMatchSnapshot();
    expect(unit("3.0.5", 379)).toContain(
      "AmbientCapabilities=CAP_NET_BIND_SERVICE\nCapabilityBoundingSet=CAP_NET_BIND_SERVICE\n",
    );
  });

  test("gets its environment in a file that only root reads", () => {
    expect(files("3.0.5", 6379, { B: "1", A: "x" })[1]).toEqual({
      path: "/etc/redis-clocker/environment",
      content: 'A="x"\nB="1"\n',
      mode: "0600",
    });
  });

  test("is installed from the distribution or Redis's own archive where no archive is given", () => {
    expect(script(0, "2.8.4")).toMatchSnapshot();
  });

  test("is installed from the given archive alone", () => {
    const given = script(0, "2.8.4", 6379, "http://198.18.0.2/redis.tar.gz");
    expect(given).toContain("url=http://198.18.0.2/redis.tar.gz\n");
    expect(given).not.toContain("candidate");
    expect(given).not.toContain("download.redis.io");
  });

  test("is started only if it does not run as wanted", () => {
    expect(script(1, "2.8.4")).toMatchSnapshot();
  });

  test("is verified by the version that it tells itself", () => {
    expect(procedure("2.8.4").verify).toMatchSnapshot();
  });

  test.each([
    ["both addresses tell the version", ["127.0.0.1", "127.0.0.9"], "2.8.4"],
    ["the machine's own address is silent", ["127.0.0.1"], "2.8.4\nno answer at 127.0.0.9:PORT"],
    ["the loopback address is silent", ["127.0.0.9"], "2.8.4\nno answer at 127.0.0.1:PORT"],
    ["both are silent", [], "no answer at 127.0.0.1:PORT\nno answer at 127.0.0.9:PORT"],
  ])("verification says so when %s", async (_case, answering, expected) => {
    const port = await freePort();
    const servers = await Promise.all(answering.map((address) => answerAsRedis(address, port, "2.8.4")));
    try {
      const { script: text } = redisProcedure(redis("2.8.4", port), "127.0.0.9").verify;
      const { stdout } = await run("sh", ["-ec", `systemctl() { echo active; }\n${text}`]);
      expect(stdout.trim()).toBe(expected.replaceAll("PORT", String(port)));
    } finally {
      for (const server of servers) server.close();
    }
  });

  test("scripts are valid shell, whatever version and URL hold", () => {
    const { steps, verify } = procedure("1.0'; touch /tmp/x; '", 6379, "http://h/$(id)'\"`id`");
    for (const { script: text } of [...steps, verify]) execFileSync("sh", ["-n"], { input: text });
    expect(steps[0]?.script).toContain("version='1.0'\\''; touch /tmp/x; '\\'''\n");
  });
});

test("on container platforms it is the image of that version", () => {
  expect(redisImage("3.0.5")).toBe("redis:3.0.5");
});

test("values in an environment file arrive as they are", () => {
  expect(environmentFile({ B: 'say "x" for $1 `id` \\', A: "two\nlines" })).toBe(
    'A="two\nlines"\nB="say \\"x\\" for \\$1 \\`id\\` \\\\"\n',
  );
});
