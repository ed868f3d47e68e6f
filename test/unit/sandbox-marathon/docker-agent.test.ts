import { describe, expect, it } from "vitest";
import type { Json } from "../../../sandbox/marathon/model/json";
import { createdApp } from "../../../sandbox/marathon/model/update-app";
import { containerOptions } from "../../../sandbox/marathon/tasks/docker/container-options";
import { taskEnvironment } from "../../../sandbox/marathon/tasks/docker/task-environment";
import type { Launch } from "../../../sandbox/marathon/tasks/runner";

const launch = (body: { [key: string]: Json }, hostPorts: number[] = []): Launch => ({
  taskId: "a_b.instance-1._app.1",
  app: { ...createdApp({ id: "/a/b", ...body }, {}, { features: new Set() }), version: "2026-01-01T00:00:00.000Z" },
  agent: {
    id: "S0",
    hostname: "host-a",
    address: "198.18.0.2",
    attributes: {},
    cpus: 4,
    mem: 1024,
    disk: 0,
    gpus: 0,
    ports: [[31_000, 32_000]],
  },
  hostPorts,
});
const docker = (rest: { [key: string]: Json } = {}) => ({ image: "redis", ...rest });
const bridge = { networks: [{ mode: "container/bridge" }] };

describe("a task's container", () => {
  it("in bridge mode publishes each mapping on the host port it was given", () => {
    const container = {
      docker: docker(),
      portMappings: [{ containerPort: 6379 }, { containerPort: 0, protocol: "udp,tcp" }],
    };
    const { HostConfig, ExposedPorts } = containerOptions(
      launch({ container, ...bridge }, [31_001, 31_002]),
      "redis",
      "f",
    );
    expect(HostConfig?.NetworkMode).toBe("bridge");
    expect(HostConfig?.PortBindings).toEqual({
      "6379/tcp": [{ HostPort: "31001" }],
      "31002/udp": [{ HostPort: "31002" }],
      "31002/tcp": [{ HostPort: "31002" }],
    });
    expect(Object.keys(ExposedPorts ?? {})).toEqual(["6379/tcp", "31002/udp", "31002/tcp"]);
  });

  it("on a container network joins the network of that name and publishes only mappings with a host port", () => {
    const container = { docker: docker(), portMappings: [{ containerPort: 80 }, { containerPort: 81, hostPort: 0 }] };
    const options = containerOptions(launch({ container, networks: [{ name: "calico" }] }, [31_005]), "redis", "f");
    expect(options.HostConfig?.NetworkMode).toBe("calico");
    expect(options.HostConfig?.PortBindings).toEqual({ "81/tcp": [{ HostPort: "31005" }] });
    expect(Object.keys(options.NetworkingConfig?.EndpointsConfig ?? {})).toEqual(["calico"]);
  });

  it("is not privileged, has the app's memory and the labels it is found by", () => {
    const { HostConfig, Labels } = containerOptions(
      launch({ container: { docker: docker() }, mem: 64, cpus: 0.5 }),
      "redis",
      "f",
    );
    expect(HostConfig).toMatchObject({
      Privileged: false,
      Memory: 64 * 1024 * 1024,
      CpuShares: 512,
      NetworkMode: "host",
    });
    expect(Labels).toEqual({
      "clocker.marathon.task": "a_b.instance-1._app.1",
      "clocker.marathon.app": "/a/b",
      "clocker.marathon.framework": "f",
    });
  });

  it("runs cmd by the shell in place of the entrypoint, and hands args to the entrypoint", () => {
    const container = { docker: docker() };
    expect(containerOptions(launch({ container, cmd: "echo $A" }), "redis", "f")).toMatchObject({
      Entrypoint: ["/bin/sh"],
      Cmd: ["-c", "echo $A"],
    });
    const withArgs = containerOptions(launch({ container, args: ["--port", "1"] }), "redis", "f");
    expect([withArgs.Entrypoint, withArgs.Cmd]).toEqual([undefined, ["--port", "1"]]);
  });

  it("takes host and external volumes", () => {
    const volumes = [
      { containerPath: "/data", hostPath: "/srv", mode: "RO" },
      { containerPath: "in", hostPath: "/tmp/x", mode: "RW" },
    ];
    const { HostConfig } = containerOptions(launch({ container: { docker: docker(), volumes } }), "redis", "f");
    expect(HostConfig?.Binds).toEqual(["/srv:/data:ro", "/tmp/x:/mnt/mesos/sandbox/in:rw"]);
  });

  it("honours docker parameters, by long and by short name", () => {
    const parameters = Object.entries({
      "add-host": "redis:198.18.0.9",
      network: "net",
      "network-alias": "web",
      hostname: "h",
      e: "A=b=c",
      label: "k=v=w",
      volume: "/a:/b:ro",
      memory: "64m",
      ip: "198.18.1.5",
      "cap-add": "NET_ADMIN",
    }).map(([key, value]) => ({ key, value }));
    const options = containerOptions(launch({ container: { docker: docker({ parameters }) } }), "redis", "f");
    expect(options).toMatchObject({
      Hostname: "h",
      Env: expect.arrayContaining(["A=b=c"]),
      Labels: expect.objectContaining({ k: "v=w" }),
      HostConfig: {
        ExtraHosts: ["redis:198.18.0.9"],
        NetworkMode: "net",
        Binds: ["/a:/b:ro"],
        Memory: 64 * 1024 * 1024,
        CapAdd: ["NET_ADMIN"],
      },
      NetworkingConfig: { EndpointsConfig: { net: { Aliases: ["web"], IPAMConfig: { IPv4Address: "198.18.1.5" } } } },
    });
  });

  it("refuses what it cannot do rather than leaving it out", () => {
    const fetching = launch({ container: { docker: docker() }, fetch: [{ uri: "http://h/a" }] });
    expect(() => containerOptions(fetching, "redis", "f")).toThrow(
      "app /a/b fetches files, which a Docker agent cannot do",
    );
  });

  it("refuses a parameter it does not know rather than dropping it", () => {
    const parameters = [{ key: "gpus", value: "all" }];
    const make = () => containerOptions(launch({ container: { docker: docker({ parameters }) } }), "redis", "f");
    expect(make).toThrow("docker parameter 'gpus' is not known to this agent; known: add-host,");
  });
});

describe("a task's environment", () => {
  it("tells what the task is and where its ports are", () => {
    const portDefinitions = [{ port: 10_000, name: "http-api" }, { port: 10_001 }];
    const environment = taskEnvironment(
      launch(
        { cmd: "run it", cpus: 1, env: { A: "b", HOST: "own" }, labels: { "a-b": "c" }, portDefinitions },
        [31_010, 31_011],
      ),
    );
    expect(environment).toMatchObject({
      A: "b",
      HOST: "own",
      MARATHON_APP_ID: "/a/b",
      MARATHON_APP_VERSION: "2026-01-01T00:00:00.000Z",
      MARATHON_APP_RESOURCE_CPUS: "1.0",
      MARATHON_APP_LABELS: "A_B",
      MARATHON_APP_LABEL_A_B: "c",
      MESOS_TASK_ID: "a_b.instance-1._app.1",
      PORT: "31010",
      PORT0: "31010",
      PORT1: "31011",
      PORTS: "31010,31011",
      PORT_HTTP_API: "31010",
    });
  });

  it("in bridge mode gives host ports, and each under its container port too", () => {
    const container = { docker: docker(), portMappings: [{ containerPort: 80 }, { containerPort: 81 }] };
    expect(taskEnvironment(launch({ container, ...bridge }, [31_020, 31_021]))).toMatchObject({
      PORT0: "31020",
      PORT_80: "31020",
      PORT_81: "31021",
      MARATHON_APP_DOCKER_IMAGE: "redis",
    });
  });
});
