import { expect, it } from "vitest";
import { lineLog } from "../../../docker-calico/log";
import { Registration } from "../../../docker-calico/registration";

const echo = { "Test.Echo": async (body: unknown) => ({ body }) };

function registration(work: () => Promise<void>) {
  const stop = new AbortController();
  const lines: string[] = [];
  return {
    stop,
    lines,
    it: new Registration(
      work,
      lineLog((line) => lines.push(line)),
      stop.signal,
    ),
  };
}

it("calls wait until the host is registered, however often that fails at first", async () => {
  let attempts = 0;
  const made = registration(async () => {
    attempts++;
    if (attempts === 1) throw new Error("no etcd yet");
  });
  const calls = made.it.gate(echo, 30);
  expect(await calls["Test.Echo"]?.(1)).toEqual({ body: 1 });
  expect(attempts).toBe(2);
  expect(await made.it.succeeded()).toBe(true);
  expect(made.lines.join("")).toContain("no etcd yet");
});

it("calls that waited long enough fail with the reason, and so do all when the driver stops", async () => {
  const made = registration(async () => {
    throw new Error("no etcd at http://192.0.2.1:2379");
  });
  const reason = "this host is not a node of Calico yet: no etcd at http://192.0.2.1:2379";
  await expect(made.it.gate(echo, 0.05)["Test.Echo"]?.(1)).rejects.toThrow(reason);
  const waiting = made.it.gate(echo, 600)["Test.Echo"]?.(1);
  const refused = expect(waiting).rejects.toThrow(reason);
  made.stop.abort();
  await refused;
  expect(await made.it.succeeded()).toBe(false);
});
