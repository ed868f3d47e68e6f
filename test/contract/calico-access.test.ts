import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { EtcdClient, type EtcdSettings } from "../../providers/calico/etcd-client";
import { checkDatastore } from "../../providers/calico/preflight";
import { CalicoProvider, failureOf } from "./support/calico";
import { EtcdServer } from "./support/etcd-server";

const PASSWORD = "open-sesame";

const policy = { metadata: { name: "web" }, spec: { nets: ["198.18.0.1"] }, owner: "shop/test/web" };

/** One certificate authority and what it signed, in files. */
class Authority {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  static async create(): Promise<Authority> {
    const authority = new Authority(await mkdtemp(join(tmpdir(), "clocker-ca-")));
    await authority.#openssl(
      "req",
      "-x509",
      ...authority.#newKey("ca"),
      "-days",
      "1",
      "-subj",
      "/CN=ca",
      "-out",
      "ca.pem",
    );
    return authority;
  }

  async sign(name: string): Promise<void> {
    await this.#openssl(
      "req",
      ...this.#newKey(name),
      "-subj",
      `/CN=${name}`,
      "-addext",
      "subjectAltName=IP:127.0.0.1",
      "-out",
      `${name}.csr`,
    );
    await this.#openssl(
      "x509",
      "-req",
      "-in",
      `${name}.csr`,
      "-CA",
      "ca.pem",
      "-CAkey",
      "ca.key",
      "-CAcreateserial",
      "-copy_extensions",
      "copy",
      "-days",
      "1",
      "-out",
      `${name}.pem`,
    );
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  text(name: string): Promise<string> {
    return readFile(this.path(name), "utf8");
  }

  #newKey(name: string): string[] {
    return ["-newkey", "rsa:2048", "-nodes", "-keyout", `${name}.key`];
  }

  async #openssl(...args: string[]): Promise<void> {
    await promisify(execFile)("openssl", args, { cwd: this.folder });
  }
}

describe("an etcd that wants a client certificate", () => {
  let authority: Authority;
  let etcd: EtcdServer;
  let settings: EtcdSettings;

  beforeAll(async () => {
    authority = await Authority.create();
    await authority.sign("server");
    await authority.sign("client");
    etcd = await EtcdServer.start({
      tls: { ca: authority.path("ca.pem"), cert: authority.path("server.pem"), key: authority.path("server.key") },
    });
    const [ca, cert, key] = await Promise.all(
      ["ca.pem", "client.pem", "client.key"].map((name) => authority.text(name)),
    );
    settings = { endpoints: [etcd.endpoint], ca, cert, key };
  });

  afterAll(async () => {
    await etcd.stop();
    await rm(authority.folder, { recursive: true });
  });

  test("lets the provider in with that certificate", async () => {
    const calico = await CalicoProvider.start(settings);
    const set = await calico.of("calico.GlobalNetworkSet");
    const made = await set.create(policy);
    expect((await set.refresh(made))?.outs).toEqual(made.outs);
    await set.delete(made);
    await calico.stop();
  });

  test.each<[string, (right: EtcdSettings) => EtcdSettings, RegExp]>([
    [
      "without a client certificate",
      ({ endpoints, ca }) => ({ endpoints, ca }),
      /refused the TLS connection \(.*\); set cert and key/,
    ],
    [
      "without the authority",
      ({ endpoints, cert, key }) => ({ endpoints, cert, key }),
      /is not trusted \(.*\); set ca to the PEM/,
    ],
    [
      "without TLS",
      ({ endpoints }) => ({ endpoints: endpoints.map((url) => url.replace("https", "http")) }),
      /write https:\/\/ in this endpoint/,
    ],
  ])("says what is missing: %s", async (_what, change, message) => {
    const client = new EtcdClient(change(settings), 3);
    await expect(client.get("/a")).rejects.toThrow(message);
    client.close();
  });
});

describe("an etcd with users", () => {
  let etcd: EtcdServer;
  let settings: EtcdSettings;

  beforeAll(async () => {
    etcd = await EtcdServer.start();
    settings = { endpoints: [etcd.endpoint], username: "clocker", password: PASSWORD };
    await etcd.ctl("user", "add", `root:${PASSWORD}`);
    await etcd.ctl("user", "grant-role", "root", "root");
    await etcd.ctl("user", "add", `clocker:${PASSWORD}`);
    await etcd.ctl("role", "add", "clocker");
    await etcd.ctl("role", "grant-permission", "clocker", "--prefix=true", "readwrite", "/calico/");
    await etcd.ctl("user", "grant-role", "clocker", "clocker");
    await etcd.ctl("auth", "enable");
  });

  afterAll(() => etcd.stop());

  test("lets the provider do its work with a role for Calico's keys, also after it forgot the token", async () => {
    const calico = await CalicoProvider.start(settings);
    const set = await calico.of("calico.GlobalNetworkSet");
    const made = await set.create(policy);
    await etcd.pause();
    await etcd.resume();
    await set.update(made, { ...policy, spec: { nets: ["198.18.0.2"] } });
    expect((await set.refresh(made))?.inputs).toMatchObject({ spec: { nets: ["198.18.0.2"] } });
    const pool = await calico.of("calico.IPPool");
    await pool.delete(await pool.create({ ...policy, spec: { cidr: "198.18.0.0/24" } }));
    await set.delete(made);
    await calico.stop();
  });

  test("says what a user may not, and hides the password", async () => {
    const client = new EtcdClient(settings);
    await expect(client.get("/elsewhere")).rejects.toThrow(
      /permission denied; grant the user read and write on the prefix/,
    );
    client.close();
    const calico = await CalicoProvider.start({ ...settings, password: "wrong-password" });
    const failure = await failureOf((await calico.of("calico.GlobalNetworkSet")).create(policy));
    expect(failure.message).toMatch(/authentication failed.*; correct username and password/);
    expect(failure.message + calico.output).not.toContain("wrong-password");
    await calico.stop();
    const nobody = new EtcdClient({ endpoints: [etcd.endpoint] });
    await expect(nobody.get("/calico/a")).rejects.toThrow(/etcd wants a user: set username and password/);
    nobody.close();
  });

  test("tells before anything is made whether it may write everything, and writes nothing", async () => {
    expect(await checkDatastore(settings)).toMatchObject({
      ok: false,
      problem: expect.stringMatching(/permission denied/),
      remedy: expect.stringContaining("/calico/ and /clocker/"),
    });
    await etcd.ctl(
      ...["--user", `root:${PASSWORD}`, "role", "grant-permission", "clocker"],
      ...["--prefix=true", "readwrite", "/clocker/"],
    );
    expect(await checkDatastore(settings)).toEqual({ ok: true });
    expect(await etcd.ctl("--user", `root:${PASSWORD}`, "get", "--prefix", "--keys-only", "/clocker/")).toBe("");
    expect(await checkDatastore({ ...settings, password: "wrong-password" })).toMatchObject({
      ok: false,
      remedy: "correct username and password",
    });
  });

  test("answers many calls at once over one login", async () => {
    const client = new EtcdClient(settings);
    const results = await Promise.all(Array.from({ length: 20 }, (_, index) => client.get(`/calico/${index}`)));
    expect(results.every((result) => result === undefined)).toBe(true);
    client.close();
  });
});

test("an etcd without users takes a client that has one", async () => {
  const etcd = await EtcdServer.start();
  const client = new EtcdClient({ endpoints: [etcd.endpoint], username: "clocker", password: PASSWORD });
  expect(await client.get("/a")).toBeUndefined();
  client.close();
  await etcd.stop();
});

test("without settings of etcd a resource says which to write", async () => {
  const calico = await CalicoProvider.start({ endpoints: [] }, { endpoints: ["http://127.0.0.1:1"] });
  const failure = await failureOf((await calico.of("calico.GlobalNetworkSet")).create(policy));
  expect(failure.message).toMatch(
    /^clocker:network does not say how to reach Calico's etcd: calico\.etcd\.endpoints: /,
  );
  await calico.stop();
});
