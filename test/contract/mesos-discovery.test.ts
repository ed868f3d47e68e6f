import { afterEach, describe, expect, it } from "vitest";
import { MarathonClient } from "../../providers/marathon/client";
import { MarathonError } from "../../providers/marathon/error";
import { MarathonTransport } from "../../providers/marathon/transport";
import { MesosError } from "../../providers/mesos/error";
import { findMarathon } from "../../providers/mesos/find-marathon";
import type { MesosSettings } from "../../providers/mesos/location";
import { Deadline } from "../../providers/runtime/deadline";
import { BASIC, deadUrl, MesosCluster, OPS, selfSigned } from "./support/mesos-cluster";

let cluster: MesosCluster;
let marathonUrl: string;

async function start(options: ConstructorParameters<typeof MesosCluster>[0] = {}): Promise<void> {
  cluster = new MesosCluster(options);
  marathonUrl = await cluster.start();
}
afterEach(() => cluster.stop());

const find = (settings: MesosSettings, retrySeconds = 0) =>
  findMarathon(settings, new Deadline(20), { retrySeconds }).then(({ url }) => url);

async function failure(settings: MesosSettings): Promise<MesosError> {
  const error = await find(settings).catch((caught: unknown) => caught);
  if (error instanceof MesosError) return error;
  throw new Error(`it is no failure to find Marathon: ${String(error)}`);
}

describe("Marathon is found", () => {
  it("where the leading master has it, and is the framework of that id", async () => {
    await start();
    const { url } = await cluster.master();
    const { frameworkId } = cluster.marathon.clusterView();
    expect(await findMarathon({ masters: [url] }, new Deadline(20))).toEqual({ url: marathonUrl, frameworkId });
    expect(await find({ masters: [`${url}/`], framework: frameworkId })).toBe(marathonUrl);
  });

  it("with basic credentials, of masters and of Marathon apart", async () => {
    await start({ credentials: { user: "m", password: "of marathon" } });
    const { url } = await cluster.master({ credentials: OPS });
    const auth = { type: "basic", username: "m", password: "of marathon" } as const;
    expect(await find({ masters: [url], masterAuth: BASIC, auth })).toBe(marathonUrl);
  });

  it("with tokens, behind proxies with paths", async () => {
    await start({ token: "of.mara.thon" });
    const proxied = await cluster.proxy(marathonUrl, { below: "/service/marathon" });
    const { url } = await cluster.master({ token: "of.me.sos" }, () => ({ marathonUrl: `${proxied}/` }));
    const masters = [await cluster.proxy(url, { below: "/mesos" })];
    const masterAuth = { type: "token", token: "of.me.sos" } as const;
    const auth = { type: "token", token: "of.mara.thon" } as const;
    expect(await find({ masters, masterAuth, auth })).toBe(proxied);
  });

  it("over TLS, with the authority of masters and Marathon", async () => {
    await start();
    const tls = selfSigned();
    const secure = await cluster.proxy(marathonUrl, { tls });
    const { url } = await cluster.master({}, () => ({ marathonUrl: secure }));
    const masters = [await cluster.proxy(url, { tls })];
    expect(await find({ masters, ca: tls.cert })).toBe(secure);
    expect(await failure({ masters })).toMatchObject({
      kind: "untrusted-mesos",
      setting: "ca",
      problem: `the certificate of the Mesos master at ${masters[0]} is not trusted (DEPTH_ZERO_SELF_SIGNED_CERT)`,
    });
  });

  it("past a dead master and a standby, which is asked for nothing more than who leads", async () => {
    await start();
    const leader = await cluster.master({ credentials: OPS });
    const standby = await cluster.master({ credentials: OPS, leader: new URL(leader.url).host });
    expect(await find({ masters: [await deadUrl(), standby.url, leader.url], masterAuth: BASIC })).toBe(marathonUrl);
  });

  it("at the leader that the only master of the settings names, if nobody asks for credentials", async () => {
    await start();
    const leader = await cluster.master();
    const standby = await cluster.master({ leader: new URL(leader.url).host });
    expect(await find({ masters: [standby.url] })).toBe(marathonUrl);
  });

  it("past an old standby, which answers with lists of its own that are empty", async () => {
    await start();
    const { url } = await cluster.master();
    const empty = { slaves: [], frameworks: [] };
    const state = { ...empty, version: "0.26.0", pid: "master@192.0.2.1:5050", leader: `master@${new URL(url).host}` };
    const old = await cluster.serve((request, response) => {
      const body =
        request.url === "/master/state" ? state : request.url === "/master/state-summary" ? empty : undefined;
      response.writeHead(body ? 200 : 404, { "content-type": "application/json" }).end(JSON.stringify(body));
    });
    expect(await find({ masters: [old, url] })).toBe(marathonUrl);
    expect(await find({ masters: [old] })).toBe(marathonUrl);
  });

  it("in the whole state, where a proxy lets the summary not through", async () => {
    await start();
    const { url } = await cluster.master();
    const filtered = await cluster.serve(async (request, response) => {
      if (request.url !== "/master/state") return void response.writeHead(404).end();
      response.writeHead(200).end(await (await fetch(url + request.url)).text());
    });
    expect(await find({ masters: [filtered] })).toBe(marathonUrl);
  });

  it("once masters have elected a leader", async () => {
    await start();
    const { url, master } = await cluster.master({ leader: null });
    const found = find({ masters: [url] }, 20);
    setTimeout(() => {
      master.leader = undefined;
    }, 300);
    expect(await found).toBe(marathonUrl);
  });

  it("again where it is by then: one client follows Marathon's leader to another address", async () => {
    await start();
    let current = await cluster.proxy(marathonUrl);
    const moved = await cluster.proxy(marathonUrl);
    const { url } = await cluster.master({}, () => ({ marathonUrl: current }));
    expect(await find({ masters: [url] })).toBe(current);
    current = moved;
    expect(await find({ masters: [url] })).toBe(moved);
    const client = new MarathonClient(new MarathonTransport({ masters: [url] }));
    expect(await client.info(new Deadline(20))).toMatchObject({ version: "1.8.222" });
    expect(client.base).toBe(moved);
  });
});

describe("Marathon is not found", () => {
  it.each([
    ["asks for credentials", undefined, "set masterAuth"],
    ["does not accept the credentials", { ...BASIC, password: "wrong one" }, "correct masterAuth"],
    ["does not accept the credentials", { type: "token", token: "wrong one" } as const, "correct masterAuth"],
  ])("where a master %s, which are not shown", async (said, masterAuth, remedy) => {
    await start();
    const { url } = await cluster.master({ credentials: OPS });
    const found = await failure({ masters: [url], ...(masterAuth && { masterAuth }) });
    expect(found).toMatchObject({ kind: "refused-by-mesos", setting: "masterAuth", remedy, transient: false });
    expect(found.message).toContain(`the Mesos master at ${url} ${said}`);
    expect(found.message).not.toContain("wrong one");
  });

  it("where masters lead to one that is not listed, which gets no credentials", async () => {
    await start();
    const seen: unknown[] = [];
    const stranger = await cluster.serve((request, response) => {
      seen.push(request.url);
      response.writeHead(200).end();
    });
    const { url } = await cluster.master({ credentials: OPS, leader: new URL(stranger).host });
    const found = await failure({ masters: [url], masterAuth: BASIC });
    expect(found).toMatchObject({ kind: "unlisted-mesos-leader", setting: "masters" });
    expect(found.message).toContain(new URL(stranger).host);
    expect(seen).toEqual([]);
  });

  it("where no master leads, none answers, or something else does", async () => {
    await start();
    const { url } = await cluster.master({ leader: null });
    const dead = await deadUrl();
    expect(await failure({ masters: [url] })).toMatchObject({ kind: "no-mesos-leader", setting: "masters[0]" });
    expect(await failure({ masters: [dead] })).toMatchObject({
      kind: "unreachable-mesos",
      problem: `the Mesos master at ${dead} cannot be reached (ECONNREFUSED)`,
      transient: true,
    });
    const other = await cluster.serve((_, response) => response.writeHead(404).end());
    const both = await failure({ masters: [dead, other] });
    expect(both).toMatchObject({ kind: "not-mesos-master", setting: "masters[1]" });
    expect(both.problem).toContain(`${other} is no Mesos master: it answered 404`);
    expect(both.problem).toContain(`${dead} cannot be reached`);
    expect((await failure({ masters: [marathonUrl] })).problem).toBe(
      `${marathonUrl} answered 500 where a Mesos master has its state`,
    );
    const login = await cluster.serve((_, response) => response.writeHead(302, { location: "/login" }).end());
    expect((await failure({ masters: [login] })).problem).toBe(`${login} redirects to /login`);
    const page = await cluster.serve((_, response) => response.writeHead(200).end("<html>"));
    expect((await failure({ masters: [page] })).problem).toBe(`${page} answers, but not as a Mesos master does`);
  });

  it("where the framework has no address, one of nobody, of a page, or of another Marathon", async () => {
    await start();
    let said = "";
    const { url } = await cluster.master({}, () => ({ marathonUrl: said }));
    const withAddress = (address: string) => {
      said = address;
      return failure({ masters: [url] });
    };
    expect(await withAddress(await deadUrl())).toMatchObject({ kind: "unreachable-marathon", setting: "url" });
    const page = await cluster.serve((_, response) => response.writeHead(200).end("<html>"));
    expect(await withAddress(page)).toMatchObject({ kind: "other-marathon", setting: "url" });
    const other = new MesosCluster();
    try {
      const found = await withAddress(await other.start());
      expect(found).toMatchObject({ kind: "other-marathon", setting: "url" });
      expect(found.problem).toContain(other.marathon.clusterView().frameworkId);
    } finally {
      await other.stop();
    }
  });

  it("where Marathon itself refuses the credentials, in Marathon's words", async () => {
    await start({ credentials: OPS });
    const { url } = await cluster.master();
    const error = await find({ masters: [url] }).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(MarathonError);
    expect(error).toMatchObject({ status: 401, problem: `Marathon at ${marathonUrl} does not accept the credentials` });
  });
});
