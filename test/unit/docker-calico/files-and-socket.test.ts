import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { lineLog } from "../../../docker-calico/log";
import { Networks } from "../../../docker-calico/networks";
import { callPlugin } from "../../../docker-calico/plugin-client";
import { type Call, PluginServer } from "../../../docker-calico/plugin-server";
import { hostAddress, readSettings } from "../../../docker-calico/settings";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "clocker-driver-"));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("the file of networks", () => {
  it("holds every network that was told at once, whole and for root alone", async () => {
    const file = join(folder, "deep", "networks.json");
    const networks = Networks.open(file);
    const ids = [...Array(20).keys()].map(String);
    await Promise.all(ids.map((id) => networks.set(id, { labels: { id } })));
    await networks.delete("3");
    const again = Networks.open(file);
    expect(again.ids.sort()).toEqual(ids.filter((id) => id !== "3").sort());
    expect(again.get("7")).toEqual({ labels: { id: "7" } });
    expect(readdirSync(join(folder, "deep"))).toEqual(["networks.json"]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it("of somebody else is not overwritten", () => {
    const file = join(folder, "networks.json");
    for (const text of ['{"version":2,"networks":{}}', '{"version":1,"netw', ""]) {
      writeFileSync(file, text);
      expect(() => Networks.open(file)).toThrow(`${file} does not hold the networks of this driver; move it away`);
      expect(readFileSync(file, "utf8")).toBe(text);
    }
  });
});

describe("the socket", () => {
  const calls: Record<string, Call> = {
    "Plugin.Activate": async () => ({ Implements: [] }),
    "Test.Slow": () => new Promise((resolve) => setTimeout(() => resolve({ slow: true }), 200)),
    "Test.Fail": async () => {
      throw new Error("no such thing: make one");
    },
  };
  const quiet = lineLog(() => {});
  let socket: string;
  let server: PluginServer;

  beforeEach(async () => {
    socket = join(folder, "plugins", "calico.sock");
    server = new PluginServer(socket, calls, quiet);
    await server.listen();
  });

  afterEach(() => server.close());

  it("gives Docker the reason of a failure, and of a call that there is not", async () => {
    await expect(callPlugin(socket, "Test.Fail")).rejects.toThrow(/^no such thing: make one$/);
    await expect(callPlugin(socket, "Test.None")).rejects.toThrow("the calico driver has no call 'Test.None'");
    expect(statSync(socket).mode & 0o777).toBe(0o600);
  });

  it("is not taken from a driver that answers", async () => {
    await expect(new PluginServer(socket, calls, quiet).listen()).rejects.toThrow(
      `another driver answers at ${socket}: stop it`,
    );
    expect(await callPlugin(socket, "Plugin.Activate")).toEqual({ Implements: [] });
  });

  it("is taken over from a driver that was killed", async () => {
    await server.close();
    const dead = createServer().listen(socket);
    await new Promise((resolve) => dead.once("listening", resolve));
    const address = join(folder, "kept");
    rmSync(address, { force: true });
    // A socket file without a listener, as a killed process leaves it.
    renameSync(socket, address);
    await new Promise((resolve) => dead.close(resolve));
    renameSync(address, socket);
    await expect(callPlugin(socket, "Plugin.Activate")).rejects.toThrow("ECONNREFUSED");
    await server.listen();
    expect(await callPlugin(socket, "Plugin.Activate")).toEqual({ Implements: [] });
  });

  it("answers a call that is under way before it closes", async () => {
    const slow = callPlugin(socket, "Test.Slow");
    await new Promise((resolve) => setTimeout(resolve, 50));
    await server.close();
    expect(await slow).toEqual({ slow: true });
    await expect(callPlugin(socket, "Plugin.Activate")).rejects.toThrow();
  });
});

describe("settings", () => {
  const needed = {
    NODENAME: "host-1",
    NODE_ADDRESS: "192.0.2.11/24",
    ETCD_ENDPOINTS: "https://a:2379, https://b:2379",
  };

  it("have defaults, and empty variables count as not set", () => {
    expect(readSettings({ ...needed, TUNNEL_POOL: "", ETCD_USERNAME: "" })).toEqual({
      node: "host-1",
      nodeAddress: "192.0.2.11/24",
      tunnelPool: undefined,
      mtu: 1450,
      etcd: { endpoints: ["https://a:2379", "https://b:2379"] },
      dockerSocket: "/var/run/docker.sock",
      pluginSocket: "/run/docker/plugins/calico.sock",
      stateFile: "/var/lib/clocker-calico/networks.json",
      iptables: "iptables",
    });
  });

  it("read certificates and password from files, and never show them", () => {
    const file = (name: string, content: string) => {
      writeFileSync(join(folder, name), content);
      return join(folder, name);
    };
    const settings = readSettings({
      ...needed,
      TUNNEL_POOL: "tunnels",
      IPTABLES_BACKEND: "legacy",
      ETCD_CA_CERT_FILE: file("ca", "CA"),
      ETCD_CERT_FILE: file("cert", "CERT"),
      ETCD_KEY_FILE: file("key", "KEY"),
      ETCD_USERNAME: "calico",
      ETCD_PASSWORD_FILE: file("password", "se cret\n"),
    });
    expect(settings).toMatchObject({
      tunnelPool: "tunnels",
      iptables: "iptables-legacy",
      etcd: { ca: "CA", cert: "CERT", key: "KEY", username: "calico", password: "se cret" },
    });
  });

  it.each([
    [{ NODENAME: "Host_1" }, "NODENAME is 'Host_1': lower-case letters"],
    [{ NODE_ADDRESS: "fe80::1" }, "NODE_ADDRESS is 'fe80::1': an IPv4 address"],
    [{ NODE_ADDRESS: undefined, MTU: "10" }, /NODE_ADDRESS is not set.*MTU is '10': at least 576/],
    [{ ETCD_ENDPOINTS: "etcd:2379" }, "ETCD_ENDPOINTS is 'etcd:2379': URLs such as"],
    [{ IPTABLES_BACKEND: "bpf" }, "IPTABLES_BACKEND is 'bpf': nft or legacy"],
    [{ ETCD_CERT_FILE: "/x" }, "ETCD_CERT_FILE and ETCD_KEY_FILE belong together"],
    [{ ETCD_CA_CERT_FILE: "/none/such" }, "ETCD_CA_CERT_FILE is '/none/such', which cannot be read (ENOENT)"],
    [{ ETCD_CA_CERT_FILE: "ca.pem" }, "ETCD_CA_CERT_FILE is 'ca.pem': an absolute path"],
  ])("%j are refused", (wrong, reason) => {
    expect(() => readSettings({ ...needed, ...wrong })).toThrow(reason);
  });

  it("take the length of the network from the host's interface, and only an address that the host has", () => {
    const local = [
      { address: "127.0.0.1", cidr: "127.0.0.1/8" },
      { address: "192.0.2.11", cidr: "192.0.2.11/25" },
    ];
    expect(hostAddress("192.0.2.11", local)).toBe("192.0.2.11/25");
    expect(hostAddress("192.0.2.11/16", local)).toBe("192.0.2.11/16");
    expect(() => hostAddress("192.0.2.12/24", local)).toThrow(
      "NODE_ADDRESS is '192.0.2.12/24', which is none of the addresses here (127.0.0.1, 192.0.2.11): run this program in the network of the host",
    );
  });
});
