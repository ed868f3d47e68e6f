import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import type { Endpoint, EndpointPort } from "../../../docker-calico/endpoints";
import { PublishedPorts } from "../../../docker-calico/published-ports";
import { FakeHost } from "./support/fake-host";

const CHAIN = "CLOCKER-CALICO";
let host: FakeHost;
let published: PublishedPorts;

beforeEach(() => {
  host = new FakeHost();
  published = new PublishedPorts(host.run, "iptables");
});

function port(hostPort: number, more: Partial<EndpointPort> = {}): EndpointPort {
  return { protocol: "TCP", port: 80, hostPort, hostIP: "", ...more };
}

function endpoint(digit: string, ...ports: EndpointPort[]): Endpoint {
  return { id: digit.repeat(64), address: `198.18.0.${parseInt(digit, 16)}`, created: 0, ports, sandbox: undefined };
}

const rules = () => host.chains.get(CHAIN) ?? [];

describe("publishing", () => {
  it("twice adds nothing, and the hooks are there once however many publish at once", async () => {
    const endpoints = ["1", "2", "3", "4"].map((digit) => endpoint(digit, port(8000 + Number(digit))));
    await Promise.all(endpoints.map((each) => published.publish(each)));
    for (const each of endpoints) await published.publish(each);
    expect(rules()).toHaveLength(4);
    expect(host.chains.get("PREROUTING")).toHaveLength(1);
    expect(host.chains.get("OUTPUT")).toHaveLength(1);
  });

  it("of a port that another endpoint has is refused, unless address or protocol differ", async () => {
    await published.publish(endpoint("1", port(8080), port(9090, { hostIP: "192.0.2.1" })));
    const refused = (each: EndpointPort) => expect(published.publish(endpoint("2", each))).rejects;
    await refused(port(8080)).toThrow(
      "port 8080/tcp of this host is published by endpoint 111111111111 (198.18.0.1:80) already",
    );
    await refused(port(8080, { hostIP: "192.0.2.1" })).toThrow("published by endpoint 111111111111");
    await refused(port(9090)).toThrow("published by endpoint 111111111111");
    await published.publish(endpoint("2", port(8080, { protocol: "UDP" }), port(9090, { hostIP: "192.0.2.2" })));
    expect(rules()).toHaveLength(4);
  });

  it("touches no rule of others, and takes chain and hooks along with the last rule", async () => {
    host.chains.get("PREROUTING")?.push("-m addrtype --dst-type LOCAL -j DOCKER", "-j cali-PREROUTING");
    host.chains.set("DOCKER", ["-p tcp -m tcp --dport 8080 -j DNAT --to-destination 172.17.0.2:80"]);
    const before = [...host.rules];
    await published.publish(endpoint("1", port(8080)));
    await published.publish(endpoint("2", port(8081)));
    await published.unpublish("1".repeat(64));
    expect(rules()).toHaveLength(1);
    await published.unpublish("2".repeat(64));
    await published.unpublish("2".repeat(64));
    expect(host.rules).toEqual(before);
    expect(host.chains.has(CHAIN)).toBe(false);
  });
});

describe("putting right", () => {
  it("makes the rules those of the endpoints, whatever was there", async () => {
    const some = fc.uniqueArray(fc.nat(9), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(some, some, fc.array(fc.nat(9), { maxLength: 3 }), async (before, wanted, twice) => {
        host = new FakeHost();
        published = new PublishedPorts(host.run, "iptables");
        const of = (number: number) => endpoint(String(number), port(8000 + number), port(0, { port: 443 }));
        for (const number of before) await published.publish(of(number));
        const chain = host.chains.get(CHAIN);
        chain?.push(...twice.flatMap((index) => chain[index] ?? []));
        await published.reconcile(wanted.map(of));
        expect([...rules()].map((rule) => /--dport (\d+)/.exec(rule)?.[1]).sort()).toEqual(
          wanted.map((number) => String(8000 + number)).sort(),
        );
        const hooks = wanted.length > 0 ? 1 : 0;
        expect([host.chains.get("PREROUTING")?.length, host.chains.get("OUTPUT")?.length]).toEqual([hooks, hooks]);
        expect(await published.reconcile(wanted.map(of))).toEqual({ added: 0, removed: 0 });
      }),
      { numRuns: 60 },
    );
  });

  it("brings back hooks and rules that somebody flushed", async () => {
    const web = endpoint("1", port(8080));
    await published.publish(web);
    for (const chain of host.chains.values()) chain.length = 0;
    await published.reconcile([web]);
    expect(host.rules).toHaveLength(3);
  });

  it("brings back hooks alone", async () => {
    const web = endpoint("1", port(8080));
    await published.publish(web);
    host.chains.set("PREROUTING", []);
    await published.reconcile([web]);
    expect(host.chains.get("PREROUTING")).toHaveLength(1);
  });
});
