import { randomUUID } from "node:crypto";
import type { Container, ContainerCreateOptions } from "dockerode";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { readinessHandler } from "../../providers/docker/readiness-handler";
import type { Properties, StackConfig } from "../../providers/runtime/handler";
import { ENGINE_TIMEOUT, type TestEngine, testEngine } from "./support/engine";

const LISTEN = ["TCP-LISTEN:8080,fork,reuseaddr", "PIPE"];

describe("docker.Readiness on a real Docker Engine", () => {
  const run = randomUUID();
  let engine: TestEngine;
  let config: StackConfig;

  beforeAll(async () => {
    engine = await testEngine();
    const locations = { docks: { type: "docker", hosts: { h1: { url: engine.host, address: "198.18.0.1" } } } };
    config = { get: (key) => (key === "clocker:locations" ? JSON.stringify(locations) : undefined) };
  }, ENGINE_TIMEOUT);

  const containers = (label: string) => engine.docker.listContainers({ all: true, filters: { label: [label] } });

  async function removeAll() {
    for (const { Id } of (await containers(`test.run=${run}`)) ?? []) {
      await engine.docker.getContainer(Id).remove({ force: true, v: true });
    }
  }
  afterEach(removeAll);
  afterAll(removeAll);

  async function start(options: Partial<ContainerCreateOptions>): Promise<Container> {
    const container = await engine.docker.createContainer({
      Image: engine.socat,
      Labels: { "test.run": run },
      StopTimeout: 1,
      ...options,
    });
    await container.start();
    return container;
  }

  function inputs({ id }: Container, changes: Properties = {}): Properties {
    const common = { location: "docks", host: "h1", probeImage: engine.socat, timeoutSeconds: 30 };
    return { ...common, containerId: id, ports: [8080], ...changes };
  }

  test("a container whose ports answer is ready, with its address; no probe stays", async () => {
    const container = await start({ Cmd: LISTEN });
    const { id, outs } = await readinessHandler.create(inputs(container), config);
    expect(id).toBe(container.id);
    const { NetworkSettings: settings } = await container.inspect();
    expect(outs).toEqual({ ...inputs(container), address: settings.Networks["bridge"]?.IPAddress });
    expect(await containers(`clocker.probe=${container.id}`)).toEqual([]);
  });

  test("waits for a port that opens late", async () => {
    const container = await start({ Cmd: ["TCP-LISTEN:9999,fork,reuseaddr", "PIPE"] });
    let ready = false;
    const created = readinessHandler.create(inputs(container, { ports: [8080, 9999] }), config).then(() => {
      ready = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 3000));
    expect(ready).toBe(false);
    const late = await container.exec({ Cmd: ["socat", ...LISTEN] });
    await late.start({ Detach: true });
    await created;
    expect(ready).toBe(true);
  });

  test("a process that listens on loopback alone is not ready, for nobody can reach it", async () => {
    const container = await start({ Cmd: ["TCP-LISTEN:8080,fork,reuseaddr,bind=127.0.0.1", "PIPE"] });
    await expect(readinessHandler.create(inputs(container, { timeoutSeconds: 4 }), config)).rejects.toThrow(
      /is not ready: nothing accepts connections on port 8080 of [\d.]+, after 4 s/,
    );
    expect(await containers(`clocker.probe=${container.id}`)).toEqual([]);
  });

  test("a container that ends fails at once, with its exit code and last lines but not its environment's values", async () => {
    const container = await start({ Cmd: ["-u", "OPEN:/s3cret-token", "STDOUT"], Env: ["TOKEN=s3cret-token"] });
    const failed = await readinessHandler
      .create(inputs(container, { timeoutSeconds: 60 }), config)
      .catch((error) => error);
    expect(failed.message).toMatch(
      /^container \w+ is not ready: it ended with exit code 1\. Its last lines:\n.*\/\[secret\]/,
    );
    expect(failed.message).not.toContain("s3cret");
  });

  test("a container that is restarted over and over fails before the deadline", async () => {
    const container = await start({
      Cmd: ["-u", "OPEN:/missing", "STDOUT"],
      HostConfig: { RestartPolicy: { Name: "unless-stopped" } },
    });
    await expect(readinessHandler.create(inputs(container, { timeoutSeconds: 60 }), config)).rejects.toThrow(
      /it keeps ending \(\d+ restarts\), last with exit code 1/,
    );
  });

  test("waits until the health check passes", async () => {
    const second = 1_000_000_000;
    const container = await start({
      Cmd: LISTEN,
      Healthcheck: {
        Test: ["CMD", "socat", "-u", "OPEN:/dev/null", "TCP:127.0.0.1:9999"],
        Interval: second,
        Retries: 100,
      },
    });
    let ready = false;
    const created = readinessHandler.create(inputs(container), config).then(() => {
      ready = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 3000));
    expect(ready).toBe(false);
    const healthy = await container.exec({ Cmd: ["socat", "TCP-LISTEN:9999,fork,reuseaddr", "PIPE"] });
    await healthy.start({ Detach: true });
    await created;
    expect(ready).toBe(true);
  });

  test("a health check that never passes is named with its last words", async () => {
    const second = 1_000_000_000;
    const container = await start({
      Cmd: LISTEN,
      Healthcheck: { Test: ["CMD", "socat", "-u", "OPEN:/missing", "STDOUT"], Interval: second, Retries: 1 },
    });
    await expect(readinessHandler.create(inputs(container, { timeoutSeconds: 6 }), config)).rejects.toThrow(
      /its health check says unhealthy: .*\/missing.*, after 6 s/,
    );
  });

  test("a refresh changes nothing while the container runs; once it stopped or is gone, so is its readiness", async () => {
    const container = await start({ Cmd: LISTEN });
    const { id, outs } = await readinessHandler.create(inputs(container), config);
    expect(await readinessHandler.read(id, outs, config)).toEqual({ id, props: outs, inputs: inputs(container) });
    await container.kill();
    expect(await readinessHandler.read(id, outs, config)).toBeUndefined();
    await container.remove({ force: true });
    expect(await readinessHandler.read(id, outs, config)).toBeUndefined();
    await expect(readinessHandler.create(inputs(container), config)).rejects.toThrow(
      "is gone: something else removed it",
    );
  });

  test("a probe image that no registry gives is named with the setting", async () => {
    const container = await start({ Cmd: LISTEN });
    const probeImage = "localhost:1/no/such:1";
    await expect(readinessHandler.create(inputs(container, { probeImage }), config)).rejects.toThrow(
      /^image "localhost:1\/no\/such:1" is not available: .*clocker:network\.probeImage/,
    );
  });

  test("an unknown host is named with those that there are", async () => {
    const container = await start({ Cmd: LISTEN });
    await expect(readinessHandler.create(inputs(container, { host: "h2" }), config)).rejects.toThrow(
      'location "docks" has no host "h2": its hosts are h1',
    );
  });
});
