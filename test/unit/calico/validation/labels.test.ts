import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isLabelValue } from "../../../../providers/calico/validation/name-leaves";
import {
  SECURITY_GROUP_NAME_LENGTH,
  sanitiseMesosLabel,
  sanitiseOpenStackName,
} from "../../../../providers/calico/validation/sanitise";

describe("labels of Mesos tasks", () => {
  it.each([
    ["k", "k"],
    ["-my-val", "my-val"],
    ["$my..val", "my.val"],
    ["m$y.val", "m-y.val"],
    ["//my/val/", "my.val"],
    ["some_val-with.lots*of^weird#characters", "some_val-with.lots-of-weird-characters"],
    ["we ird", "we-ird"],
    ["//a b/", "a-b"],
    ["", ""],
    ["---", ""],
  ])("%j becomes %j", (given, expected) => {
    expect(sanitiseMesosLabel(given)).toBe(expected);
  });

  it("survive if they are made of letters, digits and single signs within", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z0-9]+([-._][A-Za-z0-9]+)*$/), (text) => {
        expect(sanitiseMesosLabel(text)).toBe(text);
      }),
    );
  });

  it("stay as they are the second time", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const once = sanitiseMesosLabel(text);
        expect(sanitiseMesosLabel(once)).toBe(once);
      }),
    );
  });
});

describe("names of OpenStack", () => {
  it.each([
    ["simple", 100, "simple"],
    ["/calico/v1/policy/profile/prof1/rules", 100, "calico_v1_policy_profile_prof1_rules"],
    ["Dan's Project", 100, "Dan_s_Project"],
    ["_-+.934abc%_-", 100, "934abc"],
    ["simple", 10, "simple"],
    ["/calico/v1/policy/profile/prof1/rules", 10, "calico_v1"],
    ["Dan's Project", 10, "Dan_s_Proj"],
    ["_-+.934abc%_-", 10, "934abc"],
    ["größe", 63, "gr__e"],
    ["+++", 63, ""],
  ])("%j within %i characters becomes %j", (given, length, expected) => {
    expect(sanitiseOpenStackName(given, length)).toBe(expected);
  });

  it("are label values of Calico whatever they were", () => {
    fc.assert(fc.property(fc.string(), (text) => void expect(isLabelValue(sanitiseOpenStackName(text))).toBe(true)));
  });

  it("leave a security group 27 characters beside the label's prefix", () => {
    expect("sg-name.projectcalico.org/openstack-".length + SECURITY_GROUP_NAME_LENGTH).toBe(63);
  });
});
