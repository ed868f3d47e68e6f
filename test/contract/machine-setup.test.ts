import { chmodSync, existsSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { setupHandler } from "../../providers/machine/setup-handler";
import type { Properties } from "../../providers/runtime/handler";
import { PartialFailure } from "../../providers/runtime/partial-failure";
import { freePort, Sshd } from "./support/sshd";

const config = { get: () => undefined };

// Steps run as root; they touch nothing but the test's own folder.
describe.skipIf(process.getuid?.() !== 0)("machine.Setup on a real SSH server", () => {
  const sshd = new Sshd();
  const path = (name: string) => join(sshd.folder, name);

  beforeAll(() => sshd.start());
  afterAll(() => sshd.dispose());
  beforeEach(() => {
    for (const name of ["log", "work", "conf", "gone"]) rmSync(path(name), { recursive: true, force: true });
  });

  function inputs(changes: Properties = {}): Properties {
    return {
      machine: "server-1",
      address: "127.0.0.1",
      port: sshd.port,
      user: sshd.user,
      privateKey: sshd.privateKey,
      files: [{ path: path("conf/app.conf"), content: "quote ' dollar $HOME\nend", mode: "0640" }],
      steps: [
        { name: "first", script: `echo one >>${path("log")}` },
        { name: "second", script: `cat\necho two >>${path("log")}\ncp ${path("conf/app.conf")} ${path("work")}` },
      ],
      verify: { script: `cat ${path("work")}`, expect: "quote ' dollar $HOME\nend" },
      timeoutSeconds: 30,
      ...changes,
    };
  }

  test("writes files exactly, runs the steps in order and pins the host key", async () => {
    const { id, outs } = await setupHandler.create(inputs(), config);
    expect(id).toBe("server-1");
    expect(outs["hostKey"]).toMatch(/^SHA256:[\w+/]{43}$/);
    expect(outs["problem"]).toBe("");
    expect(sshd.read("log")).toBe("one\ntwo\n");
    expect(sshd.read("conf/app.conf")).toBe("quote ' dollar $HOME\nend");
    expect(statSync(path("conf/app.conf")).mode & 0o777).toBe(0o640);
  });

  test("running it again touches no file that is as it should be", async () => {
    const { outs } = await setupHandler.create(inputs(), config);
    const before = statSync(path("conf/app.conf"));
    await setupHandler.update("server-1", outs, inputs(), config);
    const after = statSync(path("conf/app.conf"));
    expect([after.ino, after.mtimeMs]).toEqual([before.ino, before.mtimeMs]);
  });

  test("a failing step names itself, its exit code and last lines, without secrets, and keeps what is known", async () => {
    const steps = [
      { name: "install", script: `echo done >>${path("log")}` },
      { name: "start", script: "echo using s3cret-token >&2; exit 7" },
      { name: "never", script: `echo never >>${path("log")}` },
    ];
    const failed = await setupHandler
      .create(inputs({ steps, redact: ["s3cret-token"] }), config)
      .catch((error) => error);
    expect(failed).toBeInstanceOf(PartialFailure);
    expect(failed.message).toBe('127.0.0.1: step "start" failed with exit code 7: \nusing [secret]');
    expect(failed.id).toBe("server-1");
    expect(failed.properties).toMatchObject({ machine: "server-1", hostKey: expect.stringMatching(/^SHA256:/) });
    expect(sshd.read("log")).toBe("done\n");
    expect(await setupHandler.diff("server-1", failed.properties, inputs({ steps }))).toMatchObject({
      changes: true,
      replaces: [],
    });
  });

  test("a command that fails in the middle of a step stops it", async () => {
    const steps = [{ name: "broken", script: `false\necho after >>${path("log")}` }];
    await expect(setupHandler.create(inputs({ steps }), config)).rejects.toThrow(
      'step "broken" failed with exit code 1',
    );
    expect(existsSync(path("log"))).toBe(false);
  });

  test("another answer of the verification is an error that shows both", async () => {
    const verify = { script: "echo 7.0.15", expect: "3.0.5" };
    await expect(setupHandler.create(inputs({ verify }), config)).rejects.toThrow(
      '127.0.0.1: verification found "7.0.15" where "3.0.5" is wanted',
    );
  });

  test("a step that hangs is ended on the machine at the deadline", async () => {
    const steps = [{ name: "hang", script: `echo $$ >${path("pid")}; sleep 60` }];
    await expect(setupHandler.create(inputs({ steps, timeoutSeconds: 2 }), config)).rejects.toThrow(
      'step "hang" was not done within 2 s (start.timeout)',
    );
    const pid = Number(sshd.read("pid"));
    await vi.waitFor(() => expect(() => process.kill(pid, 0)).toThrow("ESRCH"), { timeout: 20_000 });
  });

  test("a refresh of a healthy machine changes nothing", async () => {
    const { outs } = await setupHandler.create(inputs(), config);
    const read = await setupHandler.read("server-1", outs, config);
    expect(read).toEqual({ id: "server-1", props: outs, inputs: inputs() });
  });

  test("a refresh sees a file changed by hand, and the next update repairs it", async () => {
    const { outs } = await setupHandler.create(inputs(), config);
    writeFileSync(path("conf/app.conf"), "tampered");
    const read = await setupHandler.read("server-1", outs, config);
    expect(read?.props["problem"]).toBe(`changed or missing: ${path("conf/app.conf")}`);
    expect(await setupHandler.diff("server-1", read?.props ?? {}, inputs())).toMatchObject({
      changes: true,
      replaces: [],
    });
    const updated = await setupHandler.update("server-1", read?.props ?? {}, inputs(), config);
    expect(updated.outs["problem"]).toBe("");
    expect(sshd.read("conf/app.conf")).toBe("quote ' dollar $HOME\nend");
  });

  test("a refresh sees a file that others may read now, and the next update closes it", async () => {
    const { outs } = await setupHandler.create(inputs(), config);
    chmodSync(path("conf/app.conf"), 0o644);
    const read = await setupHandler.read("server-1", outs, config);
    expect(read?.props["problem"]).toBe(`changed or missing: ${path("conf/app.conf")}`);
    const updated = await setupHandler.update("server-1", read?.props ?? {}, inputs(), config);
    expect(updated.outs["problem"]).toBe("");
    expect(statSync(path("conf/app.conf")).mode & 0o777).toBe(0o640);
  });

  test("a refresh while the machine does not answer keeps the state and says so", async () => {
    const { outs } = await setupHandler.create(inputs(), config);
    const props = { ...outs, port: await freePort() };
    const read = await setupHandler.read("server-1", props, config);
    expect(read?.props).toMatchObject({
      hostKey: outs["hostKey"],
      problem: expect.stringMatching(/^cannot be verified over SSH: /),
    });
  });

  test("a changed host key is refused", async () => {
    const { outs } = await setupHandler.create(inputs(), config);
    await sshd.stop();
    sshd.newHostKey();
    await sshd.start();
    await expect(setupHandler.update("server-1", outs, inputs(), config)).rejects.toThrow(
      `127.0.0.1 port ${sshd.port} shows host key SHA256:`,
    );
    const fresh = await setupHandler.create(inputs(), config);
    expect(fresh.outs["hostKey"]).not.toBe(outs["hostKey"]);
  });

  test("waits for a machine whose SSH server starts late", async () => {
    await sshd.stop();
    const created = setupHandler.create(inputs(), config);
    await new Promise((resolve) => setTimeout(resolve, 1500));
    await sshd.start();
    expect((await created).outs["problem"]).toBe("");
  });

  test("a machine that never answers is named with what to check, and leaves nothing to repair", async () => {
    const failed = await setupHandler
      .create(inputs({ port: await freePort(), timeoutSeconds: 1 }), config)
      .catch((error) => error);
    expect(failed).not.toBeInstanceOf(PartialFailure);
    expect(failed.message).toMatch(/^no SSH at 127\.0\.0\.1 port \d+ within 1 s: .*sshSources/);
  });

  test("deleting runs the teardown, and does nothing on a machine that is gone", async () => {
    const { outs } = await setupHandler.create(inputs({ teardown: `touch ${path("gone")}` }), config);
    await setupHandler.delete("server-1", outs, config);
    expect(existsSync(path("gone"))).toBe(true);
    await setupHandler.delete("server-1", { ...outs, port: await freePort() }, config);
  });
});
