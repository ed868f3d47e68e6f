import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type CallFailure, DynamicProvider } from "./support/dynamic-provider";
import { providerText } from "./support/provider-text";
import { Sshd } from "./support/sshd";

describe.skipIf(process.getuid?.() !== 0)("a machine's setup in the engine's provider process", () => {
  const sshd = new Sshd();
  const path = (name: string) => join(sshd.folder, name);
  let text: string;
  let provider: DynamicProvider;

  beforeAll(async () => {
    await sshd.start();
    ({ text } = await providerText("machine.Setup"));
    provider = await DynamicProvider.start(text, {});
  });
  afterAll(async () => {
    await provider.stop();
    await sshd.dispose();
  });

  const inputs = () => ({
    machine: "server-1",
    address: "127.0.0.1",
    port: sshd.port,
    user: sshd.user,
    privateKey: sshd.privateKey,
    files: [{ path: path("conf"), content: "TOKEN=s3cret-token\n" }],
    steps: [
      { name: "wait for the licence", script: `. ${path("conf")}; echo "with $TOKEN"; test -e ${path("licence")}` },
    ],
    verify: { script: `cat ${path("conf")}`, expect: "TOKEN=s3cret-token" },
    redact: ["s3cret-token"],
    timeoutSeconds: 30,
  });

  test("half done, it is in the state and the next run finishes it; nothing secret is printed", async () => {
    const failed: CallFailure = await provider.create(inputs()).then(
      () => Promise.reject(new Error("created")),
      (error) => error,
    );
    expect(failed.partial?.id).toBe("server-1");
    expect(failed.partial?.reasons).toEqual([
      '127.0.0.1: step "wait for the licence" failed with exit code 1: \nwith [secret]',
    ]);
    const state = failed.partial?.properties ?? {};
    expect(state).toMatchObject({ ...inputs(), __provider: text, hostKey: expect.stringMatching(/^SHA256:/) });

    writeFileSync(path("licence"), "");
    expect(await provider.diff("server-1", state, inputs())).toEqual({ changes: true, replaces: [] });
    const outs = await provider.update("server-1", state, inputs());
    expect(outs).toMatchObject({ problem: "", hostKey: state["hostKey"] });
    expect(await provider.diff("server-1", outs, inputs())).toEqual({ changes: false, replaces: [] });

    const read = await provider.read("server-1", outs);
    expect(read).toEqual({ props: outs, inputs: { ...inputs(), __provider: text } });
    await provider.delete("server-1", outs);
    expect(existsSync(path("conf"))).toBe(true);
    expect(provider.output).not.toContain("s3cret");
    expect(provider.output).not.toContain("PRIVATE KEY");
  });
});
