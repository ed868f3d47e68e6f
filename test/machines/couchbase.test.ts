import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { setupHandler } from "../../providers/machine/setup-handler";
import type { Properties } from "../../providers/runtime/handler";
import { type Archives, startArchives } from "./support/archives";
import { DebianMachine } from "./support/debian-machine";
import { softwareInputs } from "./support/software";

const config = { get: () => undefined };
const PORT = 8191;

/** The part of Couchbase's interface that makes an administrator, at the port of its settings; keeps what it was told. */
const SERVER = String.raw`#!/usr/bin/perl
use IO::Socket::INET;
my $folder = "/opt/couchbase/var/lib/couchbase";
sub content { my $name = shift; local (@ARGV, $/) = ($name); return -e $name ? scalar <> : "" }
sub keep { my ($name, $text) = @_; open my $file, ">", $name or die $!; print $file $text; close $file }
my ($port) = content("/opt/couchbase/etc/couchbase/static_config") =~ /^\{rest_port, (\d+)\}/m;
keep("$folder/localtoken", "token-of-the-node");
my $socket = IO::Socket::INET->new(LocalAddr => "0.0.0.0", LocalPort => $port, Listen => 9, ReuseAddr => 1) or die $!;
while (my $client = $socket->accept) {
  my ($method, $path) = split / /, <$client>;
  my ($length, $user) = (0, "");
  while ((my $line = <$client>) =~ /\S/) {
    $length = $1 if $line =~ /^Content-Length: (\d+)/i;
    $user = decode($1) if $line =~ /^Authorization: Basic (\S+)/i;
  }
  read $client, my $body, $length;
  my %field = map { my ($name, $value) = split /=/; $value =~ tr/+/ /; $value =~ s/%(..)/chr hex $1/ge; ($name => $value) } split /&/, $body;
  my $known = content("$folder/administrator");
  my $token = "\@localtoken:" . content("$folder/localtoken");
  my $free = $known eq "" || $user eq $known || $user eq $token;
  my $code = $free ? 200 : 401;
  $code = 404 if $known eq "" && "$method $path" eq "GET /pools/default";
  if ($free && $path eq "/settings/web") { keep("$folder/administrator", "$field{username}:$field{password}") }
  if ($user eq $token && $path eq "/controller/resetAdminPassword") { (my $name) = split /:/, $known; keep("$folder/administrator", "$name:$field{password}") }
  if ($free && $path =~ m{^/pools/default|/setupServices} && $method eq "POST") { open my $file, ">>", "$folder/asked"; print $file "$path $body\n"; close $file }
  print $client "HTTP/1.1 $code x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
  close $client;
}
sub decode { my $text = shift; $text =~ tr{A-Za-z0-9+/}{}cd; $text =~ tr{A-Za-z0-9+/}{ -_}; return unpack "u", pack("C", 32 + 3 * length($text) / 4) . $text }
`;

describe("a stand-in for Couchbase's package, not Couchbase itself, on a machine", () => {
  let server: Archives;
  let machine: DebianMachine;
  let keys: Record<string, unknown>;
  let inputs: Properties;
  let state: Properties;

  beforeAll(async () => {
    machine = await DebianMachine.start();
    server = await startArchives();
    const url = await server.serveMade(
      "couchbase-server-community_7.6.2-linux_amd64.deb",
      machine,
      `mkdir -p "$TREE/DEBIAN" "$TREE/opt/couchbase/bin" "$TREE/opt/couchbase/etc/couchbase" "$TREE/opt/couchbase/var/lib/couchbase" "$TREE/lib/systemd/system"
printf 'Package: couchbase-server-community\nVersion: 7.6.2-3721\nArchitecture: all\nMaintainer: nobody\nDescription: stand-in\n' >"$TREE/DEBIAN/control"
printf '{kept, 1}.\n{rest_port, 8091}.\n' >"$TREE/opt/couchbase/etc/couchbase/static_config"
cat >"$TREE/opt/couchbase/bin/server" <<'PROGRAM'
${SERVER}PROGRAM
chmod 755 "$TREE/opt/couchbase/bin/server"
printf '[Service]\nExecStart=/opt/couchbase/bin/server\n[Install]\nWantedBy=multi-user.target\n' >"$TREE/lib/systemd/system/couchbase-server.service"
dpkg-deb --root-owner-group --build "$TREE" "$ARCHIVE" >/dev/null`,
    );
    keys = {
      type: "org.apache.brooklyn.entity.nosql.couchbase.CouchbaseNode",
      "install.version": "7.6.2",
      "download.url": url,
      "couchbase.webAdminPort": PORT,
      "couchbase.adminPassword": 'first "pass\\word" & more',
    };
    inputs = softwareInputs(machine, keys, 100);
    state = (await setupHandler.create(inputs, config)).outs;
  });
  afterAll(async () => {
    server?.close();
    await machine?.stop();
  });

  const mainPid = () => machine.run("systemctl show --property MainPID --value couchbase-server");
  async function login(password: string): Promise<number> {
    const authorization = `Basic ${Buffer.from(`Administrator:${password}`).toString("base64")}`;
    const response = await fetch(`http://${machine.address}:${PORT}/pools/default`, { headers: { authorization } });
    return response.status;
  }

  test("is set up with memory and services, and lets in its administrator alone", async () => {
    expect(state["problem"]).toBe("");
    expect(await machine.run("cat /opt/couchbase/var/lib/couchbase/asked")).toBe(
      "/pools/default memoryQuota=300\n/node/controller/setupServices services=kv",
    );
    expect(await login('first "pass\\word" & more')).toBe(200);
    expect(await login("wrong")).toBe(401);
    expect(await machine.run("cat /opt/couchbase/etc/couchbase/static_config")).toBe(
      `{kept, 1}.\n{rest_port, ${PORT}}.`,
    );
  });

  test("is neither restarted nor set up again by a second create, and takes a changed password", async () => {
    const before = await mainPid();
    expect((await setupHandler.create(inputs, config)).outs["problem"]).toBe("");
    const changed = softwareInputs(machine, { ...keys, "couchbase.adminPassword": "second" }, 100);
    state = (await setupHandler.update("db", state, changed, config)).outs;
    expect(await login("second")).toBe(200);
    expect(await login('first "pass\\word" & more')).toBe(401);
    expect(await machine.run("wc -l </opt/couchbase/var/lib/couchbase/asked")).toBe("2");
    expect(await mainPid()).toBe(before);
  });

  test("answers after a reboot", async () => {
    await machine.reboot();
    expect((await setupHandler.read("db", state, config))?.props).toEqual(state);
    expect(await login("second")).toBe(200);
  });
});
