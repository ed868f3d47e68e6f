import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { setupHandler } from "../../providers/machine/setup-handler";
import type { Properties } from "../../providers/runtime/handler";
import { type Archives, startArchives } from "./support/archives";
import { DebianMachine } from "./support/debian-machine";
import { softwareInputs } from "./support/software";

const config = { get: () => undefined };
const TIMEOUT_SECONDS = 100;

let server: Archives;
let machine: DebianMachine;
beforeAll(async () => {
  machine = await DebianMachine.start();
  server = await startArchives();
});
afterAll(async () => {
  server?.close();
  await machine?.stop();
});

const mainPid = (unit: string) => machine.run(`systemctl show --property MainPID --value ${unit}`);
const listening = (port: number) => machine.run(`ss -ltnH 'sport = :${port}' | awk '{print $4}' | sort`);

/** Listens where MongoDB's configuration says. */
const MONGOD = String.raw`#!/usr/bin/perl
use IO::Socket::INET;
use IO::Select;
if ($ARGV[0] eq "--version") { print "db version v7.0.14\n"; exit }
open my $file, "<", $ARGV[1] or die "$ARGV[1]: $!";
my $text = join "", <$file>;
my ($addresses) = $text =~ /bindIp: (\S+)/;
my ($port) = $text =~ /port: (\d+)/;
my $set = IO::Select->new(map { IO::Socket::INET->new(LocalAddr => $_, LocalPort => $port, Listen => 5, ReuseAddr => 1) or die "$_: $!" } split /,/, $addresses);
while (my @ready = $set->can_read) { for (@ready) { close $_->accept } }
`;
/** Notes with which key it logs in and whose password it sets. */
const MONGOSH = String.raw`#!/bin/sh
printf '%s\n' "$KEY" "$ADMINISTRATOR" "$PASSWORD" >/root/mongosh-asked
`;

describe("a stand-in for MongoDB's archive, not MongoDB itself, on a machine", () => {
  const unit = "mongodb-clocker.service";
  let keys: Record<string, unknown>;
  let inputs: Properties;
  let state: Properties;

  beforeAll(async () => {
    const archive = (name: string, folder: string, program: string, text: string) =>
      server.serveMade(
        name,
        machine,
        `mkdir -p "$TREE/${folder}/bin"\ncat >"$TREE/${folder}/bin/${program}" <<'PROGRAM'\n${text}PROGRAM\nchmod 755 "$TREE/${folder}/bin/${program}"\ntar -czf "$ARCHIVE" -C "$TREE" ${folder}`,
      );
    keys = {
      type: "org.apache.brooklyn.entity.nosql.mongodb.MongoDBServer",
      "install.version": "7.0.14",
      "download.url": await archive("mongodb.tgz", "mongodb-linux-x86_64-debian12-7.0.14", "mongod", MONGOD),
      "mongodb.shell.url": await archive("mongosh.tgz", "mongosh-2.3.1-linux-x64", "mongosh", MONGOSH),
      "mongodb.server.port": 27018,
      "mongodb.root.password": "first 'password'",
    };
    inputs = softwareInputs(machine, keys, TIMEOUT_SECONDS);
    state = (await setupHandler.create(inputs, config)).outs;
  });

  test("runs with its configuration, under a user of its own, at loopback and at the machine's address alone", async () => {
    expect(state["problem"]).toBe("");
    expect((await listening(27018)).split("\n")).toEqual(["127.0.0.1:27018", `${machine.address}:27018`].sort());
    expect(await machine.run(`systemctl show --property User --value ${unit}`)).toBe("mongodb-clocker");
  });

  test("gets the administrator's password by the server's own key, which others cannot read", async () => {
    const key = await machine.run("cat /var/lib/mongodb-clocker/key");
    expect(key).toMatch(/^[\w+/]{100,}=*$/);
    expect(await machine.run("cat /root/mongosh-asked")).toBe(`${key}\nroot\nfirst 'password'`);
    expect(await machine.run("stat -c '%a %U' /var/lib/mongodb-clocker/key")).toBe("400 mongodb-clocker");
  });

  test("is not restarted by a second create nor by a changed password, which is set", async () => {
    const before = await mainPid(unit);
    expect((await setupHandler.create(inputs, config)).outs["problem"]).toBe("");
    const changed = softwareInputs(machine, { ...keys, "mongodb.root.password": "second" }, TIMEOUT_SECONDS);
    state = (await setupHandler.update("db", state, changed, config)).outs;
    expect(await machine.run("tail -n 1 /root/mongosh-asked")).toBe("second");
    expect(await mainPid(unit)).toBe(before);
  });

  test("answers after a reboot", async () => {
    await machine.reboot();
    expect((await setupHandler.read("db", state, config))?.props).toEqual(state);
  });

  test("is refused if its archive holds another version", async () => {
    const other = softwareInputs(machine, { ...keys, "install.version": "7.0.15" }, TIMEOUT_SECONDS);
    await expect(setupHandler.create(other, config)).rejects.toThrow(
      "MongoDB 7.0.15: its archive holds MongoDB 7.0.14: set install.version to what it holds",
    );
  });
});

/** Answers at the addresses of /etc/riak/riak.conf, as its package's unit runs it. */
const RIAK = String.raw`#!/usr/bin/perl
use IO::Socket::INET;
use IO::Select;
open my $file, "<", "/etc/riak/riak.conf" or die $!;
my @at = map { /^listener\.(?:http|protobuf)\.\w+ = (\S+)/ ? $1 : () } <$file>;
my $set = IO::Select->new(map { IO::Socket::INET->new(LocalAddr => $_, Listen => 5, ReuseAddr => 1) or die "$_: $!" } @at);
while (my @ready = $set->can_read) {
  for (@ready) { my $client = $_->accept; my $asked = <$client>; print $client "HTTP/1.0 200 OK\r\n\r\nOK"; close $client }
}
`;

describe("a stand-in for Riak's package, not Riak itself, on a machine", () => {
  let keys: Record<string, unknown>;
  let inputs: Properties;
  let state: Properties;

  beforeAll(async () => {
    const url = await server.serveMade(
      "riak_2.2.3-1_amd64.deb",
      machine,
      `mkdir -p "$TREE/DEBIAN" "$TREE/usr/sbin" "$TREE/etc/riak" "$TREE/lib/systemd/system"
printf 'Package: riak\nVersion: 2.2.3-1\nArchitecture: all\nMaintainer: nobody\nDescription: stand-in\n' >"$TREE/DEBIAN/control"
echo /etc/riak/riak.conf >"$TREE/DEBIAN/conffiles"
printf 'ring_size = 64\nnodename = riak@127.0.0.1\ndistributed_cookie = riak\nlistener.http.internal = 127.0.0.1:8098\nlistener.protobuf.internal = 127.0.0.1:8087\n' >"$TREE/etc/riak/riak.conf"
cat >"$TREE/usr/sbin/riak" <<'PROGRAM'
${RIAK}PROGRAM
chmod 755 "$TREE/usr/sbin/riak"
printf '[Service]\nExecStart=/usr/sbin/riak\n[Install]\nWantedBy=multi-user.target\n' >"$TREE/lib/systemd/system/riak.service"
dpkg-deb --root-owner-group --build "$TREE" "$ARCHIVE" >/dev/null`,
    );
    keys = {
      type: "org.apache.brooklyn.entity.nosql.riak.RiakNode",
      "install.version": "2.2.3",
      "download.url": url,
      "riak.web.port": 8198,
    };
    inputs = softwareInputs(machine, keys, TIMEOUT_SECONDS);
    state = (await setupHandler.create(inputs, config)).outs;
  });

  test("is installed and listens at loopback and at the machine's address alone", async () => {
    expect(state["problem"]).toBe("");
    expect((await listening(8198)).split("\n")).toEqual(["127.0.0.1:8198", `${machine.address}:8198`].sort());
    expect((await listening(8087)).split("\n")).toEqual(["127.0.0.1:8087", `${machine.address}:8087`].sort());
  });

  test("keeps the package's other settings, and has a cookie that nobody else knows", async () => {
    const configuration = await machine.run("cat /etc/riak/riak.conf");
    expect(configuration).toContain("ring_size = 64\n");
    expect(configuration.match(/^distributed_cookie = .*$/gm)).toEqual([
      expect.stringMatching(/^distributed_cookie = [0-9a-f]{36}$/),
    ]);
    expect(await machine.run("stat -c %a /etc/riak/riak.conf /etc/riak-clocker/cookie")).toBe("640\n600");
  });

  test("is not restarted by a second create, and answers after a reboot", async () => {
    const before = await mainPid("riak");
    expect((await setupHandler.create(inputs, config)).outs["problem"]).toBe("");
    expect(await mainPid("riak")).toBe(before);
    await machine.reboot();
    expect((await setupHandler.read("riak", state, config))?.props).toEqual(state);
  });

  test("is refused if its package is of another version, or of no known place", async () => {
    const of = (more: object) => softwareInputs(machine, { ...keys, ...more }, TIMEOUT_SECONDS);
    await expect(setupHandler.create(of({ "install.version": "2.2.4" }), config)).rejects.toThrow(
      "holds riak 2.2.3-1: set install.version to what it holds",
    );
    await expect(setupHandler.create(of({ "download.url": null }), config)).rejects.toThrow(
      "set download.url to a Debian package",
    );
  });
});
