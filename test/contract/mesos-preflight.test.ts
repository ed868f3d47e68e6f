import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { marathonPreflight } from "../../components/marathon/marathon-preflight";
import type { Plan } from "../../placement/model";
import { mesosLocationSchema } from "../../settings/marathon";
import { BASIC, deadUrl, MesosCluster, OPS, selfSigned } from "./support/mesos-cluster";

const cluster = new MesosCluster({ credentials: OPS, mesosRole: "web" });
const PLAN = { services: [{ location: "tasks" }] } as unknown as Plan;
const HOST = { url: "ssh://deploy@192.0.2.21", address: "192.0.2.21" };

let marathonUrl: string;
let master: string;
/** Masters that have of Marathon another address, or none that leads. */
let silent: string;
let misled: string;
let secure: string;
let tls: ReturnType<typeof selfSigned>;
let dead: string;

beforeAll(async () => {
  marathonUrl = await cluster.start();
  tls = selfSigned();
  dead = await deadUrl();
  master = (await cluster.master({ credentials: OPS })).url;
  silent = (await cluster.master({ leader: null })).url;
  misled = (await cluster.master({}, () => ({ marathonUrl: dead }))).url;
  const hidden = await cluster.proxy(marathonUrl, { tls });
  secure = (await cluster.master({}, () => ({ marathonUrl: hidden }))).url;
});
afterAll(() => cluster.stop());

const check = (settings: object) =>
  marathonPreflight("tasks", mesosLocationSchema.parse({ type: "mesos", auth: BASIC, ...settings }), PLAN);

/** The diagnostics as `severity code at path: message; remedy`. */
async function problems(settings: object): Promise<string[]> {
  const { diagnostics } = await check(settings);
  return diagnostics.map(
    ({ severity, code, at, message, remedy }) => `${severity} ${code} at ${at.path}: ${message}; ${remedy}`,
  );
}

describe("preview of a location with Mesos masters", () => {
  it("has nothing to say where all is well, and the cluster for the stack's outputs", async () => {
    const { diagnostics, cluster: found } = await check({ masters: [master], masterAuth: BASIC });
    expect(diagnostics).toEqual([]);
    expect(found).toMatchObject({
      version: "1.9.0",
      leader: new URL(master).host,
      frameworks: ["marathon"],
      roles: { "*": { weight: 1 }, web: { weight: 1 } },
    });
    expect(Object.keys(found?.agents ?? {})).toEqual(["127.0.1.1", "127.0.1.2", "127.0.1.3"]);
    expect(JSON.stringify(found)).not.toContain(OPS.password);
  });

  it("asks nobody where no service goes there", async () => {
    const settings = mesosLocationSchema.parse({ type: "mesos", masters: [dead] });
    expect(await marathonPreflight("tasks", settings, { services: [] } as unknown as Plan)).toEqual({
      diagnostics: [],
    });
  });

  it.each<[string, () => object, string, string[]]>([
    [
      "a dead master",
      () => ({ masters: [dead] }),
      "unreachable-mesos at clocker:locations.tasks.masters[0]",
      ["ECONNREFUSED"],
    ],
    [
      "Marathon in place of a master",
      () => ({ masters: [marathonUrl] }),
      "refused-by-mesos at clocker:locations.tasks.masterAuth",
      ["asks for credentials"],
    ],
    [
      "masters without a leader",
      () => ({ masters: [silent] }),
      "no-mesos-leader at clocker:locations.tasks.masters[0]",
      ["knows no leader"],
    ],
    [
      "no credentials",
      () => ({ masters: [master] }),
      "refused-by-mesos at clocker:locations.tasks.masterAuth",
      ["set masterAuth"],
    ],
    [
      "wrong credentials",
      () => ({ masters: [master], masterAuth: { ...BASIC, password: "guessed" } }),
      "refused-by-mesos at clocker:locations.tasks.masterAuth",
      ["does not accept the credentials", "correct masterAuth"],
    ],
    [
      "no such framework",
      () => ({ masters: [misled], framework: "marathon-user" }),
      "unknown-mesos-framework at clocker:locations.tasks.framework",
      ["no active framework 'marathon-user'", "active are: marathon", "as framework"],
    ],
    [
      "a Marathon that is not where it says",
      () => ({ masters: [misled] }),
      "unreachable-marathon at clocker:locations.tasks.url",
      [", as Marathon tells Mesos", "ECONNREFUSED", "write that as url"],
    ],
    [
      "credentials that Marathon does not take",
      () => ({ masters: [master], masterAuth: BASIC, auth: { ...BASIC, password: "guessed" } }),
      "refused-by-marathon at clocker:locations.tasks.auth",
      ["does not accept the credentials", "correct auth"],
    ],
    [
      "a Marathon whose certificate is not trusted",
      () => ({ masters: [secure] }),
      "untrusted-marathon at clocker:locations.tasks.ca",
      ["DEPTH_ZERO_SELF_SIGNED_CERT", "as ca of this location"],
    ],
  ])("names %s", async (_what, settings, at, texts) => {
    const found = await problems(settings());
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(`error ${at}: location 'tasks'`);
    for (const text of texts) expect(found[0]).toContain(text);
    expect(found[0]).not.toContain("guessed");
  });

  it("trusts Marathon by the authority in ca, and takes another address from url", async () => {
    expect(await problems({ masters: [secure], ca: tls.cert })).toEqual([]);
    expect(await problems({ masters: [misled], url: marathonUrl })).toEqual([]);
  });

  it("names a Marathon at url that is not the framework of the masters", async () => {
    const other = new MesosCluster({ credentials: OPS });
    try {
      const url = await other.start();
      const found = await problems({ masters: [misled], url });
      expect(found).toHaveLength(1);
      expect(found[0]).toContain("error other-marathon at clocker:locations.tasks.url");
      expect(found[0]).toContain(cluster.marathon.clusterView().frameworkId);
    } finally {
      await other.stop();
    }
  });

  it("warns of a master that was passed over, and of agents that are not the cluster's", async () => {
    const names = ["127.0.1.1", "127.0.1.2", "host-c"];
    const agents = Object.fromEntries(names.map((name) => [name, HOST]));
    const found = await problems({ masters: [dead, misled], url: marathonUrl, agents });
    expect(found).toEqual([
      expect.stringContaining("warning unreachable-mesos at clocker:locations.tasks.masters[0]"),
      expect.stringMatching(/^warning unlike-mesos-agents .* lists host-c under agents.* Mesos has 127\.0\.1\.1, 127/),
      expect.stringMatching(
        /^warning unlike-mesos-agents .* may run tasks .* on 127\.0\.1\.3, which its agents do not/,
      ),
    ]);
  });

  it("needs no masters where url says where Marathon is, and shows no cluster then", async () => {
    expect(await check({ url: marathonUrl })).toEqual({ diagnostics: [] });
  });
});
