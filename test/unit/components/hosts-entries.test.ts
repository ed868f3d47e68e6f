import { expect, it } from "vitest";
import { numericAddress } from "../../../components/hosts-entries";

it.each([
  ["192.0.2.1", "192.0.2.1"],
  ["2001:db8::1", "2001:db8::1"],
  ["localhost", "127.0.0.1"],
])("gives a hosts file for %s the number %s", async (address, expected) => {
  expect(await numericAddress("redis", address)).toBe(expected);
});

it.each(["no such host", ""])("refuses '%s', which does not resolve, with what to do", async (address) => {
  await expect(numericAddress("redis", address)).rejects.toThrow(
    `cannot give 'redis' a hosts entry: '${address}' is no IP address and does not resolve here; write the address of that host under clocker:locations`,
  );
});
