import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { setupHandler } from "../../providers/machine/setup-handler";
import type { Properties } from "../../providers/runtime/handler";
import { DebianMachine } from "./support/debian-machine";
import { softwareInputs } from "./support/software";

const config = { get: () => undefined };
/** Has what would end a literal of SQL or of a shell. */
const password = (name: string) => `${name}'s "\\pass\\word" $(id)\``;

interface Database {
  readonly name: string;
  readonly unit: string;
  readonly port: number;
  /** The keys of its type. */
  keys(userPassword: string): object;
  /** Shell that runs the SQL in `$SQL` with the password in `$PASSWORD`, at the address `$ADDRESS`. */
  readonly client: string;
  /** Its own service of the distribution. */
  readonly packaged: string;
}

const SCRIPT = "CREATE TABLE runs (run INTEGER); INSERT INTO runs VALUES (1);";

const DATABASES: readonly Database[] = [
  {
    name: "MariaDB",
    unit: "mysql-clocker.service",
    port: 3307,
    keys: (userPassword) => ({
      type: "org.apache.brooklyn.entity.database.mysql.MySqlNode",
      "mysql.port": 3307,
      "mysql.password": password("root"),
      "mysql.database": "shop_1",
      "mysql.username": "shop",
      "mysql.userPassword": userPassword,
      "datastore.creation.script.contents": SCRIPT,
    }),
    client:
      'MYSQL_PWD=$PASSWORD mariadb --no-defaults -h $ADDRESS -P 3307 -u shop --batch --skip-column-names -e "$SQL" shop_1 2>&1 || true',
    packaged: "mariadb",
  },
  {
    name: "PostgreSQL",
    unit: "postgresql-clocker.service",
    port: 5433,
    keys: (ownPassword) => ({
      type: "org.apache.brooklyn.entity.database.postgresql.PostgreSqlNode",
      "postgresql.port": 5433,
      "postgresql.database": "shop_1",
      "postgresql.username": "shop",
      "postgresql.password": ownPassword,
      "datastore.creation.script.contents": SCRIPT,
    }),
    client: 'PGPASSWORD=$PASSWORD psql -h $ADDRESS -p 5433 -U shop -d shop_1 -Atqc "$SQL" 2>&1 || true',
    packaged: "postgresql",
  },
];

describe.each(DATABASES)("$name on a machine", ({ unit, port, keys, client, packaged }) => {
  let machine: DebianMachine;
  let inputs: Properties;
  let state: Properties;

  beforeAll(async () => {
    machine = await DebianMachine.start();
    inputs = softwareInputs(machine, keys(password("shop")), 100);
    state = (await watched(() => setupHandler.create(inputs, config))).outs;
  });
  afterAll(() => machine?.stop());

  /** Notes in the meantime what any user of the machine sees of its processes. */
  async function watched<T>(action: () => Promise<T>): Promise<T> {
    const look = `while true; do cat /proc/[0-9]*/cmdline; sleep 0.02; done 2>/dev/null | tr "\\0" " " >>/root/seen`;
    await machine.run(`systemd-run --quiet --unit watch bash -c '${look}'`);
    try {
      return await action();
    } finally {
      await machine.run("systemctl stop watch");
    }
  }

  function query(sql: string, secret: string): Promise<string> {
    const values = { ADDRESS: machine.address, SQL: sql, PASSWORD: secret };
    const quoted = Object.entries(values).map(([name, value]) => `${name}='${value.replaceAll("'", `'\\''`)}'`);
    return machine.run(`${quoted.join("\n")}\n${client}`);
  }
  const mainPid = () => machine.run(`systemctl show --property MainPID --value ${unit}`);

  test("it answers a query with the password at the machine's address, and refuses a wrong password", async () => {
    expect(state["problem"]).toBe("");
    expect(await query("SELECT 6 * 7", password("shop"))).toBe("42");
    expect(await query("SELECT 6 * 7", "wrong")).toMatch(/denied|authentication failed/);
  });

  test("it listens at loopback and at the machine's address alone, under a user of its own", async () => {
    const listening = await machine.run(`ss -ltnH 'sport = :${port}' | awk '{print $4}' | sort`);
    expect(listening.split("\n")).toEqual([`127.0.0.1:${port}`, `${machine.address}:${port}`].sort());
    expect(await machine.run(`systemctl show --property User --value ${unit}`)).toBe(unit.replace(".service", ""));
  });

  test("a second create restarts nothing and does not run the creation script again", async () => {
    const before = await mainPid();
    expect((await setupHandler.create(inputs, config)).outs["problem"]).toBe("");
    expect(await mainPid()).toBe(before);
    expect(await query("SELECT count(*) FROM runs", password("shop"))).toBe("1");
  });

  test("a changed password counts after the next update, without a restart", async () => {
    const before = await mainPid();
    const changed = softwareInputs(machine, keys(password("other")));
    state = (await watched(() => setupHandler.update("db", state, changed, config))).outs;
    expect(await mainPid()).toBe(before);
    expect(await query("SELECT 1", password("shop"))).toMatch(/denied|authentication failed/);
    expect(await query("SELECT count(*) FROM runs", password("other"))).toBe("1");
  });

  test("no password is seen in processes, in the journal or in files that others may read", async () => {
    expect(await machine.run("grep -aoF 'flock -o -w' /root/seen | sort -u")).toBe("flock -o -w");
    const parts = ["pass\\word", "pass\\\\word"].map((part) => `-e '${part}'`).join(" ");
    expect(await machine.run(`grep -aoF ${parts} /root/seen | sort -u || true`)).toBe("");
    expect(await machine.run(`journalctl --no-pager -o cat -u ${unit} | grep -F ${parts} || true`)).toBe("");
    const readable = `grep -rlF ${parts} /etc /opt /run /tmp /var/lib /var/log 2>/dev/null || true`;
    expect(await machine.run(`runuser -u ${machine.plainUser} -- bash -c "${readable}"`)).toBe("");
  });

  test("after a reboot it alone answers, with its data, and a refresh finds nothing wrong", async () => {
    await machine.reboot();
    expect(await machine.run(`systemctl is-active ${packaged} || true`)).toBe("inactive");
    const read = await setupHandler.read("db", state, config);
    expect(read?.props).toEqual(state);
    expect(await query("SELECT count(*) FROM runs", password("other"))).toBe("1");
  });
});

describe("etcd on a machine", () => {
  const unit = "etcd-clocker.service";
  let machine: DebianMachine;
  let inputs: Properties;
  let state: Properties;

  beforeAll(async () => {
    machine = await DebianMachine.start();
    inputs = softwareInputs(machine, {
      type: "org.apache.brooklyn.entity.nosql.etcd.EtcdNode",
      "etcd.client.port": 4001,
    });
    state = (await setupHandler.create(inputs, config)).outs;
  });
  afterAll(() => machine?.stop());

  const etcdctl = (words: string) =>
    machine.run(`ETCDCTL_API=3 etcdctl --endpoints http://${machine.address}:4001 ${words}`);
  const mainPid = () => machine.run(`systemctl show --property MainPID --value ${unit}`);

  test("it keeps what clients put at the machine's address, over a second create and a reboot", async () => {
    expect(state["problem"]).toBe("");
    await etcdctl("put colour green");
    const before = await mainPid();
    expect((await setupHandler.create(inputs, config)).outs["problem"]).toBe("");
    expect(await mainPid()).toBe(before);
    await machine.reboot();
    expect((await setupHandler.read("etcd", state, config))?.props).toEqual(state);
    expect(await etcdctl("get colour --print-value-only")).toBe("green");
  });

  test("it listens for clients at loopback and at the machine's address, and for members at loopback alone", async () => {
    const listening = await machine.run("ss -ltnpH | grep etcd | awk '{print $4}' | sort");
    expect(listening.split("\n")).toEqual(["127.0.0.1:2380", "127.0.0.1:4001", `${machine.address}:4001`].sort());
    expect(await machine.run("systemctl is-active etcd || true")).toBe("inactive");
  });
});
