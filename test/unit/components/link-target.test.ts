import * as pulumi from "@pulumi/pulumi";
import { beforeAll, expect, it } from "vitest";
import { tcpPort } from "../../../blueprint/port";
import { endpointsOf, type LinkTarget, numericAddress } from "../../../components/link-target";
import type { Endpoint } from "../../../components/platform";

let link: LinkTarget;

beforeAll(async () => {
  await pulumi.runtime.setMocks({ newResource: ({ name }) => ({ id: name, state: {} }), call: () => ({}) });
  link = { alias: "cache", target: "redis", component: new pulumi.ComponentResource("test:index:Service", "redis") };
});

/** What the engine shows: a message at the target, without a stack. */
function refusalOf(action: () => unknown): Promise<pulumi.ResourceError> {
  return (async () => action())().then(
    () => expect.unreachable("it was not refused"),
    (error: unknown) => {
      expect(error).toBeInstanceOf(pulumi.ResourceError);
      expect(error).toMatchObject({ resource: link.component, hideStack: true });
      return error as pulumi.ResourceError;
    },
  );
}

const NOTHING_RUNS =
  "cannot link 'cache' to service 'redis': it has no address, for nothing of it runs; bring it up first, by an update without --target or with it among the targets";

it.each([
  ["192.0.2.1", "192.0.2.1"],
  ["2001:db8::1", "2001:db8::1"],
  ["localhost", "127.0.0.1"],
])("gives a hosts file for %s the number %s", async (address, expected) => {
  expect(await numericAddress(link, address)).toBe(expected);
});

it("refuses a host name that does not resolve, with what to do", async () => {
  expect((await refusalOf(() => numericAddress(link, "no such host"))).message).toBe(
    "cannot give 'cache' a hosts entry: 'no such host' is no IP address and does not resolve here; write the address of that host under clocker:locations",
  );
});

it("refuses a link to a service of which nothing runs, by address and by port", async () => {
  expect((await refusalOf(() => numericAddress(link, ""))).message).toBe(NOTHING_RUNS);
  expect((await refusalOf(() => endpointsOf(link, [], tcpPort(6379)))).message).toBe(NOTHING_RUNS);
});

it("finds all instances where a port answers, and refuses one that the service does not offer", async () => {
  const endpoint: Endpoint = { address: "192.0.2.1", port: 31000, protocol: "tcp", servicePort: 6379 };
  const second = { ...endpoint, port: 31001 };
  const other = { ...endpoint, servicePort: 80 };
  const datagrams = { ...endpoint, protocol: "udp" as const };
  expect(endpointsOf(link, [endpoint, other, datagrams, second], tcpPort(6379))).toEqual([endpoint, second]);
  expect((await refusalOf(() => endpointsOf(link, [endpoint], tcpPort(6380)))).message).toBe(
    "cannot forward 'cache:6380': service 'redis' does not offer port 6380",
  );
});
