import { describe, expect, it } from "vitest";
import { parseSettings } from "../../../settings/load";
import { marathonLocation, rawSettings } from "./example";

const CALICO = { etcd: { endpoints: ["https://192.0.2.5:2379"] }, pool: "198.18.160.0/20" };

function problems(location: Record<string, unknown>, network: Record<string, unknown> = {}): string[] {
  const encryptedKeys = new Set(["clocker:locations", "clocker:network"]);
  const raw = rawSettings({ locations: { tasks: marathonLocation(location) }, network, encryptedKeys });
  return parseSettings(raw).diagnostics.map(
    ({ severity, code, message, remedy }) => `${severity} ${code}: ${message}; ${remedy}`,
  );
}

describe("what runs the tasks of a Marathon location", () => {
  it("is Docker unless the settings say Mesos", () => {
    const tasks = (location: Record<string, unknown>) =>
      parseSettings(rawSettings({ locations: { tasks: marathonLocation(location) } })).settings?.locations["tasks"];
    expect(tasks({})).toMatchObject({ containerizer: "docker" });
    expect(tasks({ containerizer: "mesos", network: "dcos" })).toMatchObject({
      containerizer: "mesos",
      network: "dcos",
    });
    expect(problems({ containerizer: "podman" })).toEqual([
      expect.stringMatching(/^error invalid-setting: .*containerizer.*'podman'/),
    ]);
  });

  it("needs the name of Calico's CNI network if it is Mesos and Calico is to guard the tasks", () => {
    expect(problems({ containerizer: "mesos" })).toEqual([]);
    expect(problems({ containerizer: "mesos", network: "calico" }, { calico: CALICO })).toEqual([]);
    expect(problems({ containerizer: "mesos" }, { calico: CALICO })).toEqual([
      "error missing-setting: clocker:locations.tasks.network is missing, and with containerizer: mesos only tasks in a CNI network of Calico's plugin are guarded; set it to the network's name in the agents' --network_cni_config_dir: pulumi config set --path 'clocker:locations.tasks.network'; or set containerizer: docker",
    ]);
  });

  it("needs no images of agents if it is Mesos, for Calico runs there already", () => {
    const agents = { a1: { url: "ssh://deploy@192.0.2.21", address: "192.0.2.21" } };
    expect(problems({ containerizer: "mesos", network: "calico", agents }, { calico: CALICO })).toEqual([]);
    expect(problems({ agents }, { calico: CALICO })).toHaveLength(2);
  });

  it("is Mesos where a network is named", () => {
    expect(problems({ network: "calico" })).toEqual([
      "error unused-setting: clocker:locations.tasks.network is 'calico', which only tasks of Mesos' own containerizer join; set containerizer: mesos, or remove network",
    ]);
  });

  it("tells that tasks of Mesos are not given the stack's name server", () => {
    const tsig = { name: "clocker", secret: "c2VjcmV0" };
    const dns = { server: "192.0.2.53", domain: "apps.example.com", tsig, resolver: "true" };
    expect(problems({ containerizer: "mesos" }, { dns })).toEqual([
      expect.stringMatching(/^warning resolver-not-given: tasks of location 'tasks' do not learn of/),
    ]);
  });
});
