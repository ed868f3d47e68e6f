import { describe, expect, it } from "vitest";
import { diagnose } from "./diagnose";

describe("ports with a protocol", () => {
  it.each([
    [
      "openPorts: [53/sctp]",
      "error unsupported-protocol: openPorts of service 'web' needs a port of TCP or UDP, not '53/sctp'\n  leave it out, or write 53 for TCP or 53/udp",
    ],
    ["directPorts: 0/udp", "error bad-port: directPorts of service 'web' needs a port from 1 to 65535, not '0/udp'"],
    ["openPorts: 53/", "error bad-port: openPorts of service 'web' needs a port from 1 to 65535, not '53/'"],
    [
      "portBindings: {53/udp: 53/tcp}",
      "error bad-port: portBindings of service 'web' binds the host port '53/udp' to a port of another protocol, 53/tcp\n  write the protocol once, e.g. { 53/tcp: 53 }",
    ],
    [
      "portBindings: {53/udp: 53, 53/UDP: 54}",
      "error duplicate-port: portBindings of service 'web' binds the host port 53/udp twice, the second time as '53/UDP'",
    ],
    [
      "portBindings: {53/sctp: 53}",
      "error unsupported-protocol: the host port in portBindings of service 'web' needs a port of TCP or UDP, not '53/sctp'",
    ],
  ])("are told where they are none: %s", (keys, expected) => {
    expect(diagnose(`services:\n- type: docker:web\n  id: web\n  ${keys}\n`)).toContain(expected);
  });
});
