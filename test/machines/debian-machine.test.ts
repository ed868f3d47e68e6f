import { spawn } from "node:child_process";
import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { setupHandler } from "../../providers/machine/setup-handler";
import { SshSession } from "../../providers/machine/ssh";
import { identify } from "../../sandbox/engine/process-identity";
import { statusOf } from "../../sandbox/sandbox-error";
import { DebianMachine } from "./support/debian-machine";
import { labelsOf, machineHost } from "./support/machine-host";

describe("DebianMachine", () => {
  let machines: DebianMachine[] = [];

  beforeAll(async () => {
    machines = await Promise.all([DebianMachine.start(), DebianMachine.start()]);
  });
  afterAll(() => Promise.all(machines.map((machine) => machine.stop())));

  function first(): DebianMachine {
    const [machine] = machines;
    if (!machine) throw new Error("no machine");
    return machine;
  }

  test("machines run side by side, each with its own address, identity and key, and reach each other", async () => {
    const [one, other] = machines;
    expect(one?.address).not.toBe(other?.address);
    expect(await one?.run("cat /etc/machine-id")).not.toBe(await other?.run("cat /etc/machine-id"));
    expect(await one?.run(`bash -c 'exec 3<>/dev/tcp/${other?.address}/22; head -c 4 <&3'`)).toBe("SSH-");
    const { address, port, user } = first();
    const stranger = { address, port, user, privateKey: other?.privateKey ?? "" };
    await expect(SshSession.connect(stranger, 5_000)).rejects.toThrow(`user ${user} may not log in`);
  });

  test("every unit of a fresh machine runs", async () => {
    expect(await first().run("systemctl is-system-running")).toBe("running");
  });

  test("units run with the restrictions that services have", async () => {
    const restrictions = [
      "PrivateTmp",
      "PrivateDevices",
      "PrivateUsers",
      "ProtectKernelTunables",
      "ProtectControlGroups",
    ];
    const strict = ["ProtectSystem=strict", "ProtectProc=invisible", "User=guest"];
    const options = [...restrictions.map((name) => `${name}=yes`), ...strict].map((option) => `-p ${option}`).join(" ");
    expect(await first().run(`systemd-run --quiet --wait --pipe ${options} id -un`)).toBe("guest");
  });

  test("a package's service starts by itself and comes back with the machine, which keeps address, key and files", async () => {
    const machine = first();
    await machine.run("apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y nginx-light");
    const identity = "systemctl is-active nginx; cat /etc/machine-id /etc/ssh/ssh_host_ed25519_key.pub";
    const boot = "stat -c %Z /proc/1";
    const before = { identity: await machine.run(identity), boot: await machine.run(boot) };
    await machine.reboot();
    expect(await machine.run(boot)).not.toBe(before.boot);
    expect(await machine.run(identity)).toBe(before.identity);
    expect((await fetch(`http://${machine.address}/`)).status).toBe(200);
  });

  test("a failing script tells what it printed", async () => {
    await expect(first().run("echo before; false; echo after")).rejects.toThrow(/^exit code 1 of .*:\nbefore\n$/s);
  });

  describe("for a user who may not become root", () => {
    const inputs = (sudo: boolean) => {
      const { address, port, plainUser: user, privateKey } = first();
      const steps = [{ name: "look", script: "id -un >~/who", sudo }];
      const verify = { script: "cat ~/who", expect: user, sudo };
      return { machine: "plain", address, port, user, privateKey, steps, verify, timeoutSeconds: 30 };
    };

    test("machine.Setup runs steps that do not need it", async () => {
      const { outs } = await setupHandler.create(inputs(false), { get: () => undefined });
      expect(outs["problem"]).toBe("");
    });

    test("a step that does need it fails with sudo's reason", async () => {
      const created = setupHandler.create(inputs(true), { get: () => undefined });
      await expect(created).rejects.toThrow(/step "look" failed with exit code 1.*sudo: a password is required/s);
    });
  });

  test("the machine of a killed run goes when the next one starts, that of a running one stays", async () => {
    const { engine, image } = await machineHost();
    const child = spawn("sleep", ["60"]);
    const owner = await identify(child.pid ?? 0);
    const left = await engine.docker.createContainer({ Image: image, Labels: labelsOf(owner) });
    try {
      machines.push(await DebianMachine.start());
      expect((await left.inspect()).State.Status).toBe("created");
      child.kill("SIGKILL");
      await once(child, "exit");
      machines.push(await DebianMachine.start());
      await expect(left.inspect()).rejects.toSatisfy((error) => statusOf(error) === 404);
      expect(await first().run("systemctl is-active ssh")).toBe("active");
    } finally {
      child.kill("SIGKILL");
      await left.remove({ force: true }).catch(() => undefined);
    }
  });
});
