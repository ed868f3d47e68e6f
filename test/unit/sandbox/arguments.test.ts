import { describe, expect, it } from "vitest";
import { parseArguments } from "../../../sandbox/arguments";

describe("parseArguments", () => {
  it("starts the default sandbox with all its parts when nothing else is said", () => {
    expect(parseArguments(["up"])).toEqual({
      kind: "up",
      name: "default",
      parts: ["hosts", "marathon", "openstack", "etcd", "bind", "calico"],
    });
  });

  it("takes parts in any order and both spellings of a value", () => {
    expect(parseArguments(["up", "--parts=openstack,hosts", "--name", "mine"])).toEqual({
      kind: "up",
      name: "mine",
      parts: ["hosts", "openstack"],
    });
  });

  it("adds the hosts that Marathon has as its agents", () => {
    expect(parseArguments(["up", "--parts", "marathon"])).toMatchObject({ parts: ["hosts", "marathon"] });
  });

  it("adds the hosts and the datastore that Calico needs", () => {
    expect(parseArguments(["up", "--parts", "calico"])).toMatchObject({ parts: ["hosts", "etcd", "calico"] });
  });

  it("keeps volumes and images on down unless asked", () => {
    expect(parseArguments(["down"])).toEqual({ kind: "down", name: "default", volumes: false, images: false });
    expect(parseArguments(["down", "--images", "--volumes"])).toMatchObject({ volumes: true, images: true });
  });

  it("shows the status of all sandboxes, or of one", () => {
    expect(parseArguments(["status"])).toEqual({ kind: "status" });
    expect(parseArguments(["status", "--name", "test"])).toEqual({ kind: "status", name: "test" });
  });

  it("hands everything after marathon over as it is", () => {
    expect(parseArguments(["marathon", "--simulate", "--port", "9000"])).toEqual({
      kind: "marathon",
      args: ["--simulate", "--port", "9000"],
    });
  });

  it.each([[[]], [["help"]], [["--help"]], [["-h"]]])("shows help for %j", (args) => {
    expect(parseArguments(args)).toEqual({ kind: "help" });
  });

  it.each([
    [["start"], "unknown command 'start', allowed are up, status, down and marathon"],
    [["up", "--part", "hosts"], "up does not know '--part', allowed are --name, --parts"],
    [["up", "hosts"], "up does not know 'hosts', allowed are --name, --parts"],
    [["status", "--volumes"], "status does not know '--volumes', allowed are --name"],
    [["up", "--parts"], "--parts needs a value, e.g. --parts hosts,marathon"],
    [["up", "--name", "--parts"], "--name needs a value, e.g. --name default"],
    [
      ["up", "--parts", "hosts,mesos"],
      "there is no part 'mesos', allowed are hosts, marathon, openstack, etcd, bind, calico",
    ],
    [["up", "--parts", ""], "there is no part '', allowed are hosts, marathon, openstack, etcd, bind, calico"],
    [["down", "--volumes=yes"], "--volumes takes no value, given is 'yes'"],
    [["up", "--name", "My Box"], "the sandbox's name is 'My Box', allowed are"],
  ])("refuses %j with what is allowed", (args, message) => {
    expect(() => parseArguments(args)).toThrow(message);
  });
});
