import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ensureCalico } from "../../engine/calico-programs";
import { CALICO_KINDS, type CalicoKind } from "../../providers/calico/model/kinds";
import { EtcdServer } from "../contract/support/etcd-server";
import { CASES } from "../unit/calico/validation/all-cases";
import { type Case, metadataOf } from "../unit/calico/validation/case";

let etcd: EtcdServer;
let calicoctl: string;
let folder: string;

beforeAll(async () => {
  ({ calicoctl } = await ensureCalico(["calicoctl"], { log: (line) => console.log(line) }));
  folder = await mkdtemp(join(tmpdir(), "clocker-verdicts-"));
  etcd = await EtcdServer.start();
  // A node of calicoctl's own making brings the datastore with it.
  await create("Node", { name: "first" }, {});
  for (const name of ["shop", "ossg", "a"]) await create("Tier", { name }, { order: 10 });
  await create("BGPFilter", { name: "a" }, {});
});

afterAll(async () => {
  await etcd?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** The words in which Calico's own client refuses a resource, or undefined. One that is there already has passed too. */
async function create(kind: CalicoKind, metadata: object, spec: unknown): Promise<string | undefined> {
  const file = join(folder, "resource.json");
  await writeFile(file, JSON.stringify({ apiVersion: "projectcalico.org/v3", kind, metadata, spec }));
  const env = { ...process.env, DATASTORE_TYPE: "etcdv3", ETCD_ENDPOINTS: etcd.endpoint };
  try {
    await promisify(execFile)(calicoctl, ["create", "-f", file], { env });
    return undefined;
  } catch (error) {
    const words = error instanceof Error && "stderr" in error ? String(error.stderr) : String(error);
    return words.includes("resource already exists") ? undefined : words.split("\n")[0];
  }
}

/** Pools overlap, and a pool that is there changes the verdict on the next. */
async function forgetPools(kind: CalicoKind): Promise<void> {
  if (kind === "IPPool") await etcd.ctl("del", "--prefix", "/calico/resources/v3/projectcalico.org/ippools/");
}

// Calico's own client writes no ClusterInformation.
const kinds = (Object.keys(CALICO_KINDS) as CalicoKind[]).filter((kind) => kind !== "ClusterInformation");

describe("calicoctl has the verdict of the validator", () => {
  test.each(kinds)("on every case of a %s", async (kind) => {
    const wrong: string[] = [];
    for (const each of CASES.filter((given: Case) => given.kind === kind)) {
      const refusal = await create(kind, metadataOf(each), each.spec);
      const taken = each.refused.length === 0 || each.stricter === true;
      if (taken !== (refusal === undefined)) wrong.push(`${each.claim}: ${refusal ?? "is taken"}`);
      await forgetPools(kind);
    }
    expect(wrong).toEqual([]);
  });
});
