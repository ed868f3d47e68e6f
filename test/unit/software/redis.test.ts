import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { environmentFile } from "../../../components/software/environment-file";
import { redisFiles, redisImage, redisProcedure } from "../../../components/software/redis";

const redis = (version: string, port = 6379, downloadUrl?: string) => ({
  kind: "redis" as const,
  version,
  port,
  ...(downloadUrl !== undefined && { downloadUrl }),
});

const configuration = (version: string, port?: number) => redisFiles(redis(version, port), {})[0]?.content ?? "";
const unit = (version: string, port?: number) => redisFiles(redis(version, port), {})[2]?.content ?? "";
const script = (step: number, ...args: Parameters<typeof redis>) =>
  redisProcedure(redis(...args)).steps[step]?.script ?? "";

describe("Redis on a machine", () => {
  test("is configured to answer the network on its port alone", () => {
    expect(configuration("3.0.5", 7000)).toBe(`# Written by Clocker; changes are undone.
# Every interface: the machine's security group admits only the services that link here.
bind 0.0.0.0
port 7000
daemonize no
dir /var/lib/redis-clocker
logfile ""
`);
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
    expect(redisFiles(redis("3.0.5"), { B: "1", A: "x" })[1]).toEqual({
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
    expect(redisProcedure(redis("2.8.4")).verify).toMatchSnapshot();
  });

  test("scripts are valid shell, whatever version and URL hold", () => {
    const { steps, verify } = redisProcedure(redis("1.0'; touch /tmp/x; '", 6379, "http://h/$(id)'\"`id`"));
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
