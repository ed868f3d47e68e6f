import { expect, it } from "vitest";
import { containerOf } from "../../../sandbox/engine/shims";

const OWNER = { namespaces: ["ours"], sockets: ["/run/ours/containerd.sock"], runtimeRoot: "/run/ours/runc" };

function commandLine(program: string, namespace: string, socket: string): string {
  return [program, "-namespace", namespace, "-id", "4b1d", "-address", socket, ""].join("\0");
}

it("knows the shims of an engine's containers, wherever the program lies", () => {
  for (const program of ["/usr/bin/containerd-shim-runc-v2", "containerd-shim-runc-v2"]) {
    expect(containerOf(commandLine(program, "ours", "/run/ours/containerd.sock"), OWNER)).toEqual({
      namespace: "ours",
      id: "4b1d",
    });
  }
});

it.each([
  ["another name space", commandLine("/usr/bin/containerd-shim-runc-v2", "moby", "/run/ours/containerd.sock")],
  ["another containerd", commandLine("/usr/bin/containerd-shim-runc-v2", "ours", "/run/others/containerd.sock")],
  ["a socket below ours", commandLine("/usr/bin/containerd-shim-runc-v2", "ours", "/run/ours/containerd.sock/x")],
  ["another program", commandLine("/usr/bin/not-containerd-shim-runc-v2", "ours", "/run/ours/containerd.sock")],
  [
    "a program that only names a shim",
    `grep\0${commandLine("containerd-shim-runc-v2", "ours", "/run/ours/containerd.sock")}`,
  ],
  ["a shim without options", "/usr/bin/containerd-shim-runc-v2\0ours\0/run/ours/containerd.sock\0"],
  ["a kernel thread", ""],
])("takes nothing of %s for one", (_what, text) => {
  expect(containerOf(text, OWNER)).toBeUndefined();
});
