import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { checkDockerHost, imageAvailable, portHolders } from "../../providers/docker/preflight";
import { removeContainerIfOurs, removeNetworkIfOurs } from "../../providers/docker/reclaim";
import { ENGINE_TIMEOUT, type TestEngine, testEngine } from "./support/engine";
import { freePort } from "./support/sshd";

describe("a real Docker Engine before anything is made", () => {
  const run = randomUUID();
  const name = `clocker-test-${run.slice(0, 8)}`;
  const ours = { "clocker.application": "shop", "clocker.stack": run };
  let engine: TestEngine;
  let host: { url: string };

  beforeAll(async () => {
    engine = await testEngine();
    host = { url: engine.host };
  }, ENGINE_TIMEOUT);

  afterAll(async () => {
    const label = [`clocker.stack=${run}`];
    for (const { Id } of await engine.docker.listContainers({ all: true, filters: { label } })) {
      await engine.docker.getContainer(Id).remove({ force: true });
    }
    for (const { Id } of await engine.docker.listNetworks({ filters: { label } })) {
      await engine.docker.getNetwork(Id).remove();
    }
  });

  async function container(labels: Record<string, string>, publish?: number) {
    const created = await engine.docker.createContainer({
      name,
      Image: engine.socat,
      Cmd: ["TCP-LISTEN:8080,fork", "PIPE"],
      Labels: labels,
      ExposedPorts: { "8080/tcp": {} },
      HostConfig: { PortBindings: publish ? { "8080/tcp": [{ HostIp: "127.0.0.1", HostPort: String(publish) }] } : {} },
    });
    await created.start();
    return created;
  }

  const holderOf = async (port: number, labels: Record<string, string>, protocol = "tcp") =>
    (await portHolders(host, [`${port}/${protocol}`], labels)).get(`${port}/${protocol}`);

  test("an engine that answers is fine; one that does not is named with what to check", async () => {
    expect(await checkDockerHost(host)).toEqual({ ok: true });
    const port = await freePort();
    expect(await checkDockerHost({ url: `tcp://127.0.0.1:${port}` })).toEqual({
      ok: false,
      problem: `connect ECONNREFUSED 127.0.0.1:${port}`,
      remedy: "check that the engine runs there and that the address is reachable from here",
    });
    expect(await checkDockerHost({ url: "unix:///run/no-such-engine.sock" })).toMatchObject({ ok: false });
  });

  test("an image on the host is available; an unreachable registry leaves it open", async () => {
    expect(await imageAvailable(host, engine.socat, undefined)).toEqual({ ok: true });
    expect(await imageAvailable(host, "localhost:1/no/such:1", undefined)).toEqual({
      ok: true,
      warning: expect.stringMatching(
        /^image localhost:1\/no\/such:1 is not on the host and its registry does not answer: /,
      ),
    });
  });

  test("a port that somebody else's container publishes is taken; our own does not count", async () => {
    const port = await freePort();
    const other = await container({ "clocker.stack": run }, port);
    expect(await holderOf(port, ours)).toBe(name);
    expect(await holderOf(port, { "clocker.stack": run })).toBeUndefined();
    expect(await holderOf(port, ours, "udp")).toBeUndefined();
    await other.remove({ force: true });
    expect(await holderOf(port, ours)).toBeUndefined();
  });

  test("a port that another network driver publishes is taken too, which Docker does not list", async () => {
    const port = await freePort();
    const network = await engine.docker.createNetwork({ Name: name, Labels: { "clocker.stack": run } });
    const other = await container({ "clocker.stack": run });
    await network.connect({
      Container: other.id,
      EndpointConfig: {
        DriverOpts: { "publish.8080/tcp": `127.0.0.1:${port}`, "publish.53/udp": `127.0.0.1:${port + 1}` },
      },
    });
    expect(await holderOf(port, ours)).toBe(name);
    expect(await holderOf(port, { "clocker.stack": run })).toBeUndefined();
    expect(await holderOf(8080, ours)).toBeUndefined();
    expect(await holderOf(port + 1, ours, "udp")).toBe(name);
    expect(await holderOf(port + 1, ours)).toBeUndefined();
    await other.remove({ force: true });
    await network.remove();
  });

  test("a leftover container goes only if it bears all our labels", async () => {
    await container({ "clocker.stack": run });
    expect(await removeContainerIfOurs(host, name, ours)).toBe(false);
    await engine.docker.getContainer(name).remove({ force: true });
    await container({ ...ours, "clocker.service": "web" });
    expect(await removeContainerIfOurs(host, name, ours)).toBe(true);
    expect(await removeContainerIfOurs(host, name, ours)).toBe(false);
  });

  test("a leftover network goes only if it bears all our labels, and not from under a container", async () => {
    const theirs = await engine.docker.createNetwork({ Name: name, Labels: { "clocker.stack": run } });
    expect(await removeNetworkIfOurs(host, name, ours)).toBe(false);
    await theirs.remove();
    await engine.docker.createNetwork({ Name: name, Labels: ours });
    const user = await container({ "clocker.stack": run });
    await engine.docker.getNetwork(name).connect({ Container: user.id });
    await expect(removeNetworkIfOurs(host, name, ours)).rejects.toThrow(`cannot be made anew while ${name} is on it`);
    await user.remove({ force: true });
    expect(await removeNetworkIfOurs(host, name, ours)).toBe(true);
    expect(await engine.docker.listNetworks({ filters: { name: [name] } })).toEqual([]);
  });
});
