import { afterAll, beforeAll, expect, test } from "vitest";
import { setupHandler } from "../../providers/machine/setup-handler";
import type { Properties } from "../../providers/runtime/handler";
import { DebianMachine } from "./support/debian-machine";
import { softwareInputs } from "./support/software";

const config = { get: () => undefined };
const UNIT = "vanilla-clocker.service";
const LOG = "/root/log";

/** Two phases leave a line each; the launch command puts a process into the background, as Brooklyn wants it. */
const SERVICE = {
  type: "org.apache.brooklyn.entity.software.base.VanillaSoftwareProcess",
  "pre.install.command": `echo "pre.install" >>${LOG}`,
  "install.command": `echo "install in $PWD" >>${LOG}`,
  "customize.command": `echo "customize in $PWD" >>${LOG}`,
  "launch.command": `echo launch >>${LOG}\nnohup sleep 100000 >/dev/null 2>&1 &\necho $! >$PID_FILE`,
  "stop.command": `echo stop >>${LOG}`,
  "post.launch.command": `echo "post.launch" >>${LOG}`,
};

let machine: DebianMachine;
let state: Properties;

beforeAll(async () => {
  machine = await DebianMachine.start();
  state = (await setupHandler.create(softwareInputs(machine, SERVICE), config)).outs;
});
afterAll(() => machine?.stop());

const log = () => machine.run(`cat ${LOG}`);
const pid = () => machine.run("cat /run/vanilla-clocker/pid");
const PHASES = [
  "pre.install",
  "install in /var/lib/vanilla-clocker/install",
  "customize in /var/lib/vanilla-clocker",
  "launch",
  "post.launch",
];

async function update(service: object): Promise<Properties> {
  state = (await setupHandler.update("vanilla", state, softwareInputs(machine, service), config)).outs;
  return state;
}

test("commands run in Brooklyn's order, and the process in the background is watched", async () => {
  expect(state["problem"]).toBe("");
  expect((await log()).split("\n")).toEqual(PHASES);
  expect(await machine.run(`ps -o comm= -p ${await pid()}`)).toBe("sleep");
});

test("a second update runs no command again", async () => {
  const before = await pid();
  expect((await update(SERVICE))["problem"]).toBe("");
  expect((await log()).split("\n")).toEqual(PHASES);
  expect(await pid()).toBe(before);
});

test("a process that ends is launched again", async () => {
  const before = await pid();
  await machine.run(`kill -9 ${before}`);
  await expect.poll(async () => (await pid()) !== before, { timeout: 30_000, interval: 1000 }).toBe(true);
  expect((await log()).split("\n").at(-1)).toBe("launch");
});

test("a changed command runs alone, and a changed launch command stops by the stop command and launches", async () => {
  const before = (await log()).split("\n").length;
  const changed = { ...SERVICE, "customize.command": `echo customized again >>${LOG}` };
  await update(changed);
  expect((await log()).split("\n").slice(before)).toEqual(["customized again"]);
  await update({ ...changed, "launch.command": SERVICE["launch.command"].replace("echo launch", "echo new launch") });
  expect((await log()).split("\n").slice(before + 1)).toEqual(["stop", "new launch"]);
});

test("a check that never succeeds, and a command that fails, are told with their last lines", async () => {
  const silent = { ...SERVICE, "checkRunning.command": "false" };
  await expect(setupHandler.update("vanilla", state, softwareInputs(machine, silent, 15), config)).rejects.toThrow(
    /step "start Vanilla software process" was not done within 15 s/,
  );
  const broken = { ...SERVICE, "install.command": "echo no such thing >&2; exit 3" };
  await expect(setupHandler.update("vanilla", state, softwareInputs(machine, broken), config)).rejects.toThrow(
    /install Vanilla software process.*no such thing/s,
  );
});

test("after a reboot it runs", async () => {
  await update(SERVICE);
  await machine.reboot();
  const problem = async () => (await setupHandler.read("vanilla", state, config))?.props["problem"];
  await expect.poll(problem, { timeout: 60_000, interval: 1000 }).toBe("");
});

test("software of another type takes the place of the former", async () => {
  await update({ type: "EmptySoftwareProcess", "pre.install.command": "touch /root/empty" });
  expect(state["problem"]).toBe("");
  expect(await machine.run(`systemctl is-active ${UNIT} || true; ls /root/empty`)).toBe("inactive\n/root/empty");
});
