import { expect, test } from "vitest";
import { chooseFlavor } from "../../../components/openstack/flavor";

const FLAVORS = [
  { id: "3", name: "large", ram: 8192, vcpus: 4, disk: 80 },
  { id: "1", name: "small", ram: 1024, vcpus: 1, disk: 10 },
  { id: "4", name: "wide", ram: 2048, vcpus: 8, disk: 20 },
  { id: "2", name: "medium", ram: 2048, vcpus: 2, disk: 20 },
];

test.each([
  ["the location's own where it is large enough", "large", { minRamMb: 512 }, "large"],
  ["the smallest that fits where it is not", "small", { minRamMb: 2000 }, "medium"],
  ["by cores", "small", { minCores: 3 }, "wide"],
  ["by disk", "small", { minDiskGb: 50 }, "large"],
  ["none where none fits", "small", { minRamMb: 9000 }, undefined],
])("a service's minima pick %s", (_claim, preferred, minima, expected) => {
  expect(chooseFlavor(FLAVORS, preferred, minima)).toBe(expected);
});
