import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { connectDocker } from "../../providers/docker/connection";
import { eventually } from "./support/eventually";
import { openPage } from "./support/page";
import { SANDBOX, Stack } from "./support/stack";

describe("a run killed while the virtual machine is made", () => {
  let stack: Stack;

  beforeAll(async () => {
    stack = await Stack.open("killed", "test/e2e/fixtures/one-machine.yaml");
  });

  afterAll(() => stack?.remove());

  test("is repaired by the next up: one machine, and it answers", async () => {
    const prefix = stack.physicalName("one-machine");
    let kill: () => void = () => undefined;
    const running = stack.run(["up", "--yes", "--skip-preview"], (killer) => {
      kill = killer;
    });
    await eventually(async () => (await stack.clouds.servers(prefix)).length === 1, "Nova has the server", 300);
    kill();
    expect((await running).code).not.toBe(0);

    // A killed CLI cannot give back its lock on the state.
    await stack.must(["cancel", "--yes"]);
    await stack.up();
    expect(await stack.clouds.servers(prefix)).toHaveLength(1);
    expect((await stack.outputs()).services["redis"]?.state).toBe("RUNNING");
    expect(await stack.changes()).toEqual([]);
  });
});

describe("Marathon that answers 503 half-way", () => {
  let stack: Stack;
  let proxy: Server;
  let broken = false;

  beforeAll(async () => {
    stack = await Stack.open("busy", "examples/1-docker.yaml");
    const upstream = stack.clouds.marathonUrl;
    proxy = createServer((request, response) => {
      if (broken && request.method !== "GET") {
        response.writeHead(503, { "content-type": "application/json" }).end('{"message":"no leader"}');
        return;
      }
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", async () => {
        const headers = Object.fromEntries(
          Object.entries(request.headers).filter(([key]) => ["authorization", "content-type", "accept"].includes(key)),
        ) as Record<string, string>;
        const body = Buffer.concat(chunks);
        const answer = await fetch(upstream + request.url, {
          method: request.method ?? "GET",
          headers,
          ...(body.length > 0 && { body }),
        });
        response.writeHead(answer.status, Object.fromEntries(answer.headers));
        for await (const chunk of answer.body ?? []) {
          response.write(chunk);
        }
        response.end();
      });
    });
    await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    const { "my-mesos-cluster": marathon, ...others } = stack.settings.locations;
    // Marathon checks its tasks from its own address, whatever stands before it.
    const healthSources = [`${new URL(upstream).hostname}/32`];
    await stack.configure("examples/1-docker.yaml", {
      locations: { ...others, "my-mesos-cluster": { ...marathon, url, healthSources } },
      placement: { dnmonster: "my-mesos-cluster" },
      overrides: { dnmonster: { "start.timeout": "20s" }, identidock: { portBindings: { "82": 9090 } } },
    });
  });

  afterAll(async () => {
    broken = false;
    await stack?.remove();
    proxy?.closeAllConnections();
    proxy?.close();
  });

  test("fails with its reason, and the next up finishes the work", async () => {
    broken = true;
    const failed = await stack.run(["up", "--yes", "--skip-preview"]);
    expect(failed.code).not.toBe(0);
    expect(failed.output).toContain("503");

    broken = false;
    await stack.up();
    await openPage((await stack.outputs()).url, "a patient visitor");
    expect(await stack.changes()).toEqual([]);
  });
});

describe("a Docker host that is gone", () => {
  let stack: Stack;

  beforeAll(async () => {
    stack = await Stack.open("gone", "examples/1-docker.yaml", { placement: { redis: "my-docker-cloud/host-b" } });
    await stack.up();
  });

  afterEach(() =>
    hostB(stack)
      .start()
      .catch(() => undefined),
  );
  afterAll(() => stack?.remove());

  test("is named in one message, and up repairs when it is back", async () => {
    await hostB(stack).stop();
    const preview = await stack.run(["preview"]);
    expect(preview.code).not.toBe(0);
    expect(preview.output).toContain("docker host 'host-b'");
    expect(preview.output).toContain("nothing was changed");

    await hostB(stack).start();
    await eventually(async () => (await stack.run(["preview"])).code === 0, "host-b answers again", 120);
    await stack.must(["up", "--yes", "--skip-preview", "--refresh"]);
    await openPage((await stack.outputs()).url, "somebody who waited");
    expect(await stack.changes()).toEqual([]);
  });
});

function hostB(stack: Stack) {
  return connectDocker({ url: stack.settings.engine.host }).getContainer(`clocker-${SANDBOX}-host-b`);
}
