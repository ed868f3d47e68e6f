import { expect, test } from "vitest";
import { attemptsOn } from "../../../ops/matrix/attempts";
import type { Attempt } from "../../../ops/matrix/model";
import type { RunningService } from "../../../ops/matrix/state";
import { compilePolicy } from "../../../placement/policy/compile";
import { binding, REDIS, type ServiceSketch } from "../placement/blueprints";
import { network, planOf } from "../placement/policy/applications";

const HERE = "203.0.113.9";

function container(calicoAddress: string, hostPorts: Record<number, number> = {}): RunningService {
  const endpoints = Object.entries(hostPorts).map(([servicePort, port]) => ({
    address: "192.0.2.21",
    port,
    protocol: "tcp" as const,
    servicePort: Number(servicePort),
  }));
  return { address: "192.0.2.21", calicoAddress, endpoints };
}

function machine(address: string, insideAddress: string): RunningService {
  const login = { address, port: 22, user: "debian", privateKey: "", hostKey: "" };
  return { address, endpoints: [], machine: { insideAddress, login } };
}

async function attempts(
  services: Record<string, ServiceSketch>,
  running: Record<string, RunningService>,
  { ports = [], from = HERE, change = {} }: { ports?: number[]; from?: string; change?: Record<string, unknown> } = {},
): Promise<string[]> {
  const settings = network(change);
  const plan = planOf(services, settings);
  const deployed = { settings, plan, compiled: compilePolicy(plan, settings), state: new Map(Object.entries(running)) };
  return (await attemptsOn(deployed, { ports, ownAddress: async () => from })).map(describe);
}

function describe({ from, to, ownPort, address, port, declared }: Attempt): string {
  return `${from} -> ${to}:${ownPort} at ${address}:${port} ${declared ? "yes" : "no"}`;
}

const WEB: ServiceSketch = { locations: ["docks"], portBindings: [binding(80, 8080)], links: ["db"] };
const DB: ServiceSketch = { locations: ["docks"], ports: [5432] };

test("containers try each other at their own addresses, this machine tries host ports", async () => {
  const running = { web: container("198.18.160.1", { 8080: 80 }), db: container("198.18.160.2") };
  expect((await attempts({ web: WEB, db: DB }, running)).sort()).toEqual([
    "db -> web:8080 at 198.18.160.1:8080 no",
    "outside -> web:8080 at 192.0.2.21:80 yes",
    "web -> db:5432 at 198.18.160.2:5432 yes",
  ]);
});

test("this machine is declared only where its address is among the sources", async () => {
  const running = { web: container("198.18.160.1", { 8080: 80 }), db: container("198.18.160.2") };
  const tried = await attempts({ web: WEB, db: DB }, running, { from: "203.0.114.9" });
  expect(tried).toContain("outside -> web:8080 at 192.0.2.21:80 no");
});

test("containers gain nothing by sources that hold their addresses, for they may send to their links alone", async () => {
  const running = { web: container("198.18.160.1", { 8080: 80 }), db: container("198.18.160.2") };
  const tried = await attempts({ web: WEB, db: DB }, running, { change: { sources: ["0.0.0.0/0"] } });
  expect(tried).toContain("db -> web:8080 at 198.18.160.1:8080 no");
});

const MACHINE: ServiceSketch = { locations: ["machines"], workload: REDIS };

test("a machine is tried at its floating address, and tries containers at host ports where there are any", async () => {
  const running = {
    web: container("198.18.160.1", { 8080: 80 }),
    db: container("198.18.160.2"),
    redis: machine("192.0.2.90", "198.18.128.5"),
  };
  const services = { web: { ...WEB, links: ["db", "redis"] }, db: DB, redis: MACHINE };
  const tried = await attempts(services, running);
  expect(tried.filter((line) => line.includes("redis")).sort()).toEqual([
    "db -> redis:6379 at 192.0.2.90:6379 no",
    "outside -> redis:6379 at 192.0.2.90:6379 no",
    "redis -> web:8080 at 192.0.2.21:80 no",
    "web -> redis:6379 at 192.0.2.90:6379 yes",
  ]);
  const everybody = await attempts(services, running, { change: { sources: ["0.0.0.0/0"] } });
  expect(everybody).toContain("redis -> web:8080 at 192.0.2.21:80 yes");
});

test("machines of one location try each other in their own network", async () => {
  const running = { one: machine("192.0.2.90", "198.18.128.5"), two: machine("192.0.2.91", "198.18.128.6") };
  const services = { one: { ...MACHINE, links: ["two"] }, two: MACHINE };
  expect((await attempts(services, running)).filter((line) => !line.startsWith("outside"))).toEqual([
    "two -> one:6379 at 198.18.128.5:6379 no",
    "one -> two:6379 at 198.18.128.6:6379 yes",
  ]);
});

test("further ports are tried at every service, and declared where Clocker logs in", async () => {
  const running = { web: container("198.18.160.1"), redis: machine("192.0.2.90", "198.18.128.5") };
  const services = { web: { locations: ["docks"] }, redis: MACHINE };
  const tried = await attempts(services, running, { ports: [22], from: "192.0.2.1" });
  expect(tried.filter((line) => line.includes(":22")).sort()).toEqual([
    "outside -> redis:22 at 192.0.2.90:22 yes",
    "web -> redis:22 at 192.0.2.90:22 no",
  ]);
});

test("health checks are declared from where Marathon is", async () => {
  const running = { task: container("198.18.160.1", { 8080: 31000 }) };
  const services = { task: { locations: ["tasks"], ports: [8080] } };
  expect(await attempts(services, running, { from: "192.0.2.30" })).toEqual([
    "outside -> task:8080 at 192.0.2.21:31000 yes",
  ]);
  expect(await attempts(services, running)).toEqual(["outside -> task:8080 at 192.0.2.21:31000 no"]);
});
