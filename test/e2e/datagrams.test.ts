import { createSocket } from "node:dgram";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { serviceName } from "../../placement/names";
import { connectDocker } from "../../providers/docker/connection";
import { eventually } from "./support/eventually";
import { addressIn, datagramFrom, listenBeside, targetOf } from "./support/namespace";
import { Stack } from "./support/stack";

const BLUEPRINT = "test/e2e/fixtures/datagrams.yaml";
/** Nobody declares it. */
const SECRET_PORT = 5354;

/** Whether a datagram from this machine comes back from an address and port. */
function answers({ address, port }: { readonly address: string; readonly port: number }): Promise<boolean> {
  const socket = createSocket("udp4");
  const sending = setInterval(() => socket.send("hello", port, address), 200);
  const answered = new Promise<boolean>((resolve, reject) => {
    socket.once("error", reject);
    socket.once("message", (message) => resolve(message.toString() === "hello"));
    setTimeout(() => resolve(false), 5000);
  });
  return answered.finally(() => {
    clearInterval(sending);
    socket.close();
  });
}

describe("a service of datagrams", () => {
  let stack: Stack;
  const host = (name = "host-a") => stack.clouds.host(name);
  const container = (service: string) => serviceName(stack.physicalName("datagrams"), service, 63);
  const echo = async (port: number) => ({ address: await addressIn(host(), container("echo")), port });

  beforeAll(async () => {
    stack = await Stack.open("datagrams", BLUEPRINT, {
      placement: {
        echo: "my-docker-cloud/host-a",
        asker: "my-docker-cloud/host-b",
        stranger: "my-docker-cloud/host-b",
      },
    });
    await stack.up();
  });

  afterAll(() => stack?.remove());

  test("answers outside at the port that is published", async () => {
    const { services } = await stack.outputs();
    const [published] = services["echo"]?.endpoints ?? [];
    expect(published).toMatch(/^[\d.]+:8953\/udp$/);
    expect(await answers(targetOf(published?.replace("/udp", "")))).toBe(true);
  });

  test("answers whoever links to it, which has the link's variables and sensors", async () => {
    const target = await echo(5353);
    await eventually(() => datagramFrom(host("host-b"), container("asker"), target), "the link answers", 20);
    const { Config } = await connectDocker(host("host-b")).getContainer(container("asker")).inspect();
    expect(Config.Env).toContain("ECHO_PORT=udp://echo:5353");
    expect(Config.Env).toContain("ECHO_PORT_5353_UDP_PROTO=udp");
    expect(Config.Env).toContain(`ECHO=${target.address}:5353`);
  });

  test("does not answer whoever does not, nor anybody at a port that is not declared", async () => {
    expect(await datagramFrom(host("host-b"), container("stranger"), await echo(5353))).toBe(false);
    const hidden = await listenBeside(host(), container("echo"), SECRET_PORT, "udp");
    try {
      const local = { address: "127.0.0.1", port: SECRET_PORT };
      await eventually(() => datagramFrom(host(), container("echo"), local), "the listener answers beside it", 20);
      expect(await datagramFrom(host("host-b"), container("asker"), await echo(SECRET_PORT))).toBe(false);
    } finally {
      await hidden.remove({ force: true });
    }
  });

  test("changes nothing in a second preview", async () => {
    expect(await stack.changes()).toEqual([]);
  });
});
