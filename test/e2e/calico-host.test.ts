import type Docker from "dockerode";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connectDocker } from "../../providers/docker/connection";
import type { SandboxDescription } from "../../sandbox/description";
import { sandboxUp } from "../../sandbox/up";
import type { DockerHost, DockerLocation } from "../../settings/schema";
import { invalidIn, startFelix, stopAgents } from "./support/calico-host";
import { Calicoctl } from "./support/calicoctl";
import { execIn, logsOf } from "./support/container";
import { eventually } from "./support/eventually";
import { SANDBOX } from "./support/stack";

const POOL = "calico-host-test";

describe("Felix on the sandbox's Docker hosts", () => {
  let sandbox: SandboxDescription;
  let hosts: readonly (readonly [string, DockerHost, Docker])[];
  let calicoctl: Calicoctl;

  const resources = () => [
    {
      apiVersion: "projectcalico.org/v3",
      kind: "IPPool",
      metadata: { name: POOL },
      spec: { cidr: sandbox.calicoPool, blockSize: 28, vxlanMode: "Always", natOutgoing: true },
    },
    ...hosts.map(([name, { address }]) => ({
      apiVersion: "projectcalico.org/v3",
      kind: "Node",
      metadata: { name },
      spec: { bgp: { ipv4Address: `${address}/24` } },
    })),
  ];

  beforeAll(async () => {
    const log = (line: string): void => console.log(line);
    sandbox = await sandboxUp({ name: SANDBOX, parts: ["hosts", "etcd", "calico"], log });
    const { hosts: settings } = sandbox.locations["my-docker-cloud"] as DockerLocation;
    hosts = Object.entries(settings).map(([name, host]) => [name, host, connectDocker(host)] as const);
    calicoctl = await Calicoctl.open(sandbox);
    await calicoctl.withResources("apply", resources());
  });

  afterAll(async () => {
    for (const [, , docker] of hosts ?? []) await stopAgents(docker);
    await calicoctl?.withResources("delete", resources());
    await calicoctl?.close();
  });

  const ready = async (host: DockerHost): Promise<boolean> => {
    const request =
      "exec 3<>/dev/tcp/127.0.0.1/9099 && printf 'GET /readiness HTTP/1.0\\r\\n\\r\\n' >&3 && head -1 <&3";
    return (await execIn(host, "felix", ["bash", "-c", request])).output.includes(" 200 ");
  };

  test("is ready with the rights to change the network alone, and finds nothing invalid in the datastore", async () => {
    for (const [name, host, docker] of hosts) {
      const felix = await startFelix(docker, name, sandbox);
      await eventually(() => ready(host), `Felix on ${name} is ready`, 60);
      const { output } = await execIn(host, "felix", ["grep", "CapEff", "/proc/1/status"]);
      // CAP_NET_ADMIN and CAP_NET_RAW
      expect(output).toContain("0000000000003000");
      expect((await execIn(host, "felix", ["bash", "-c", "echo x > /proc/sys/kernel/core_pattern"])).exitCode).not.toBe(
        0,
      );
      expect((await felix.inspect()).HostConfig.Privileged).toBe(false);
      expect(invalidIn(await logsOf(docker, "felix"))).toEqual([]);
    }
  });
});
