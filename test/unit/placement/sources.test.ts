import { describe, expect, it } from "vitest";
import { sourcesOf } from "../../../placement/sources";
import { marathonLocation, openstackLocation } from "../settings/example";
import { settings } from "./blueprints";

const configured = settings(
  {},
  {
    ranges: marathonLocation({ sources: ["198.18.0.0/24", "192.0.2.0/24"], agents: {} }),
    unknown: marathonLocation(),
    six: { type: "docker", hosts: { h1: { url: "ssh://a", address: "2001:db8::1" } } },
    named: { type: "docker", hosts: { h1: { url: "ssh://a", address: "docks.example.com" } } },
    others: openstackLocation({ sources: ["198.51.100.7/32"] }),
  },
);

describe("the addresses that a service's traffic comes from", () => {
  it.each([
    ["the host it runs on", { location: "docks", host: "h2" }, ["192.0.2.12/32"]],
    ["a host with IPv6", { location: "six", host: "h1" }, ["2001:db8::1/128"]],
    ["every agent that a task may run on", { location: "tasks" }, ["192.0.2.21/32", "192.0.2.22/32"]],
    ["what the location says", { location: "ranges" }, ["192.0.2.0/24", "198.18.0.0/24"]],
    ["what the OpenStack location says", { location: "others" }, ["198.51.100.7/32"]],
    ["nothing known: a cluster without agents", { location: "unknown" }, []],
    ["nothing known: a host with a name", { location: "named", host: "h1" }, []],
    ["nothing known: machines without addresses yet", { location: "machines" }, []],
  ])("are %s", (_, consumer, expected) => {
    expect(sourcesOf(consumer, configured)).toEqual(expected);
  });
});
