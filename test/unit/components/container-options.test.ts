import { describe, expect, test } from "vitest";
import { containerOptions } from "../../../components/docker/container-options";
import { containerParameters, healthChecks } from "../../../components/marathon/container-options";
import { service } from "../placement/blueprints";

describe("a container of Docker", () => {
  test("is started again when it ends, unless the blueprint says otherwise", () => {
    expect(containerOptions({}, [])).toEqual({ restart: "unless-stopped" });
    expect(containerOptions({ restartPolicy: { name: "on-failure", maxRetries: 3 } }, [])).toEqual({
      restart: "on-failure",
      maxRetryCount: 3,
    });
  });

  test("has the check that the blueprint gives it, with its times", () => {
    const check = { test: { kind: "command", words: ["true"] }, intervalSeconds: 10, retries: 2 } as const;
    expect(containerOptions({ healthCheck: check }, []).healthcheck).toEqual({
      tests: ["CMD", "true"],
      interval: "10s",
      retries: 2,
    });
    expect(containerOptions({ healthCheck: "none" }, []).healthcheck).toEqual({ tests: ["NONE"] });
  });

  test.each([
    [59, "59s"],
    [90, "1m30s"],
    [600, "10m0s"],
    [3630, "1h0m30s"],
  ])("has times as the engine tells them, so that no preview shows a change: %d seconds as %s", (seconds, text) => {
    const test = { kind: "command", words: ["true"] } as const;
    const healthCheck = { test, startPeriodSeconds: seconds };
    expect(containerOptions({ healthCheck }, []).healthcheck).toMatchObject({ startPeriod: text });
  });

  test("names capabilities in full, in one order", () => {
    expect(containerOptions({ capAdd: ["SYS_TIME", "NET_ADMIN"], capDrop: ["ALL"] }, []).capabilities).toEqual({
      adds: ["CAP_NET_ADMIN", "CAP_SYS_TIME"],
      drops: ["ALL"],
    });
  });

  test("gets its files with their modes", () => {
    expect(containerOptions({}, [{ path: "/etc/motd", content: "hello", mode: "0400" }]).uploads).toEqual([
      { file: "/etc/motd", content: "hello", permissions: "0400" },
    ]);
  });
});

describe("a task of Marathon with Docker's containerizer", () => {
  test("gets as parameters what Docker takes, lists in one order", () => {
    const options = { user: "1000", init: true, capAdd: ["SYS_TIME", "NET_ADMIN"], labels: { b: "2", a: "1" } };
    expect(containerParameters(options)).toEqual([
      { key: "user", value: "1000" },
      { key: "init", value: "true" },
      { key: "cap-add", value: "NET_ADMIN" },
      { key: "cap-add", value: "SYS_TIME" },
      { key: "label", value: "a=1" },
      { key: "label", value: "b=2" },
    ]);
  });

  test("is checked as the blueprint says, else by its first port, else not at all", () => {
    expect(healthChecks(service("web"), [])).toEqual([]);
    expect(healthChecks(service("web"), [80])).toMatchObject([{ protocol: "MESOS_TCP", portIndex: 0 }]);
    const http = { healthCheck: { test: { kind: "http", path: "/up", port: 81 }, intervalSeconds: 9 } } as const;
    expect(healthChecks(service("web", { container: http }), [80, 81])).toMatchObject([
      { protocol: "MESOS_HTTP", path: "/up", portIndex: 1, intervalSeconds: 9 },
    ]);
    const command = { healthCheck: { test: { kind: "command", words: ["test", "it's"] } } } as const;
    expect(healthChecks(service("web", { container: command }), [])).toMatchObject([
      { protocol: "COMMAND", command: { value: "test 'it'\\''s'" } },
    ]);
    expect(healthChecks(service("web", { container: { healthCheck: "none" } }), [80])).toEqual([]);
  });
});
