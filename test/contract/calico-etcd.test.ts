import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { EtcdClient } from "../../providers/calico/etcd-client";
import { EtcdServer } from "./support/etcd-server";
import { FaultyProxy } from "./support/faulty-proxy";

const DOWN = "http://127.0.0.1:1";

describe("an etcd without users", () => {
  let etcd: EtcdServer;
  let client: EtcdClient;

  beforeAll(async () => {
    etcd = await EtcdServer.start();
    client = new EtcdClient({ endpoints: [etcd.endpoint] });
  });

  afterAll(async () => {
    client.close();
    await etcd.stop();
  });

  test("keeps what is put, with the revision of its change", async () => {
    const { succeeded, revision } = await client.commit(
      [{ key: "/t/a", absent: true }],
      [{ put: "/t/a", value: { text: "ö" } }],
    );
    expect(succeeded).toBe(true);
    expect(await client.get("/t/a")).toEqual({ key: "/t/a", value: { text: "ö" }, text: '{"text":"ö"}', revision });
    expect(await client.get("/t/none")).toBeUndefined();
  });

  test("gives a text that is no JSON without a value", async () => {
    await etcd.ctl("put", "/t/broken", "{");
    expect(await client.get("/t/broken")).toMatchObject({ text: "{", value: undefined });
  });

  test("changes nothing if one comparison fails", async () => {
    await client.commit([], [{ put: "/t/b", value: 1 }]);
    const before = await client.get("/t/b");
    const operations = [{ put: "/t/b", value: 2 }, { delete: "/t/a" }];
    expect((await client.commit([{ key: "/t/b", absent: true }], operations)).succeeded).toBe(false);
    expect((await client.commit([{ key: "/t/b", revision: "1" }], operations)).succeeded).toBe(false);
    expect(await client.get("/t/b")).toEqual(before);
    const right = [{ key: "/t/b", revision: before?.revision ?? "" }];
    expect((await client.commit(right, [{ delete: "/t/b" }])).succeeded).toBe(true);
    expect(await client.get("/t/b")).toBeUndefined();
  });

  test("lists more than a page as of one revision, without the neighbours of the prefix", async () => {
    const keys = Array.from({ length: 453 }, (_, index) => `/list/${String(index).padStart(4, "0")}`);
    for (let start = 0; start < keys.length; start += 100) {
      await client.commit(
        [],
        keys.slice(start, start + 100).map((put) => ({ put, value: {} })),
      );
    }
    await client.commit(
      [],
      [
        { put: "/list", value: 1 },
        { put: "/list0", value: 1 },
        { put: "/lis", value: 1 },
      ],
    );
    const { entries } = await client.list("/list/");
    expect(entries.map(({ key }) => key)).toEqual(keys);
    expect((await client.list("/nothing/")).entries).toEqual([]);
  });

  test("notices whether anything below a prefix is newer than a listing", async () => {
    const { revision } = await client.list("/guard/");
    const compare = [{ prefix: "/guard/", unchangedSince: revision }];
    expect((await client.commit(compare, [{ put: "/guard/a", value: 1 }])).succeeded).toBe(true);
    expect((await client.commit(compare, [{ put: "/guard/b", value: 1 }])).succeeded).toBe(false);
    expect((await client.commit([{ ...compare[0], prefix: "/guarded/" } as never], [])).succeeded).toBe(true);
  });

  test("is found behind an endpoint that is down", async () => {
    const several = new EtcdClient({ endpoints: [DOWN, etcd.endpoint] });
    expect((await several.commit([], [{ put: "/t/several", value: 1 }])).succeeded).toBe(true);
    several.close();
  });

  test("is waited for as long as a call may take, then named", async () => {
    const other = new EtcdClient({ endpoints: [DOWN] }, 0.5);
    await expect(other.get("/t/a")).rejects.toThrow(
      "no etcd at http://127.0.0.1:1 (ECONNREFUSED); check the endpoint and that etcd runs and is reachable from here",
    );
    other.close();
  });

  test("gets a read again whose answer is lost, but never a write", async () => {
    const proxy = await FaultyProxy.start(etcd.endpoint);
    const faulty = new EtcdClient({ endpoints: [proxy.url] });
    proxy.fail("POST /v3/kv/range", 503, 1, { afterwards: true });
    expect(await faulty.get("/t/none")).toBeUndefined();
    proxy.fail("POST /v3/kv/txn", 503, 1, { afterwards: true });
    await expect(faulty.commit([], [{ put: "/t/lost", value: 1 }])).rejects.toMatchObject({ ambiguous: true });
    expect(proxy.passed.filter((line) => line.endsWith("/txn"))).toHaveLength(1);
    expect(await client.get("/t/lost")).toBeDefined();
    faulty.close();
    await proxy.stop();
  });
});
