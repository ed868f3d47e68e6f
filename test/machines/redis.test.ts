import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { setupHandler } from "../../providers/machine/setup-handler";
import type { Properties } from "../../providers/runtime/handler";
import { DebianMachine } from "./support/debian-machine";
import { softwareInputs } from "./support/software";

const PORT = 6380;
const UNIT = "redis-clocker.service";
const CONFIGURATION = "/etc/redis-clocker/redis.conf";
const config = { get: () => undefined };

let machine: DebianMachine;
let inputs: Properties;
let state: Properties;

beforeAll(async () => {
  machine = await DebianMachine.start();
  const found = await machine.run("apt-get update -qq && apt-cache policy redis-server | sed -n 's/^ *Candidate: //p'");
  const version = found.replace(/^\d+:|-.*$/g, "");
  inputs = softwareInputs(machine, {
    type: "org.apache.brooklyn.entity.nosql.redis.RedisStore",
    "install.version": version,
    "redis.port": PORT,
  });
  state = (await setupHandler.create(inputs, config)).outs;
});
afterAll(() => machine?.stop());

function mainPid(): Promise<string> {
  return machine.run(`systemctl show --property MainPID --value ${UNIT}`);
}

/** What Redis answers at the machine's own address, from outside of it. */
async function ping(): Promise<string> {
  const socket = connect(PORT, machine.address).end("PING\r\nQUIT\r\n");
  return text(socket);
}

test("a machine's Redis of the distribution's version answers on loopback and on the machine's address", async () => {
  expect(state["problem"]).toBe("");
  expect(await ping()).toBe("+PONG\r\n+OK\r\n");
  expect(await machine.run(`redis-cli -h 127.0.0.1 -p ${PORT} ping`)).toBe("PONG");
  expect(await machine.run(`systemctl show --property User --value ${UNIT}`)).toBe("redis-clocker");
});

test("the package's own service does not run beside it", async () => {
  expect(await machine.run("systemctl is-active redis-server || true")).toBe("inactive");
  expect(await machine.run("systemctl is-system-running")).toBe("running");
});

test("a second create restarts nothing", async () => {
  const before = await mainPid();
  expect((await setupHandler.create(inputs, config)).outs["problem"]).toBe("");
  expect(await mainPid()).toBe(before);
});

test("a refresh sees a changed file, and the next update mends it without a restart", async () => {
  const before = await mainPid();
  await machine.run(`echo 'maxmemory 1mb' >>${CONFIGURATION}`);
  const read = await setupHandler.read("redis", state, config);
  expect(read?.props["problem"]).toBe(`changed or missing: ${CONFIGURATION}`);
  const { outs } = await setupHandler.update("redis", read?.props ?? {}, inputs, config);
  expect(outs["problem"]).toBe("");
  expect(await machine.run(`cat ${CONFIGURATION}`)).not.toContain("maxmemory");
  expect(await mainPid()).toBe(before);
});

test("a refresh sees a stopped service, and the next update starts it", async () => {
  await machine.run(`systemctl stop ${UNIT}`);
  const read = await setupHandler.read("redis", state, config);
  expect(read?.props["problem"]).toContain(`${UNIT} inactive`);
  const { outs } = await setupHandler.update("redis", read?.props ?? {}, inputs, config);
  expect(outs["problem"]).toBe("");
  expect(await ping()).toContain("PONG");
});

test("after a reboot it answers with its data, and a refresh finds nothing wrong", async () => {
  await machine.run(`redis-cli -p ${PORT} set colour green`);
  await machine.reboot();
  const read = await setupHandler.read("redis", state, config);
  expect(read?.props).toEqual(state);
  expect(await ping()).toContain("PONG");
  expect(await machine.run(`redis-cli -p ${PORT} get colour`)).toBe("green");
});
