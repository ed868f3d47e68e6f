import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { felixFiles, felixSteps, type MachineFelix, REMOVE_FELIX } from "../../../components/software/felix";

const PROGRAM = "#!/bin/sh\necho felix\n";
const sum = (text: string) => createHash("sha256").update(text).digest("hex");
const SECRETS = { key: "THE CLIENT KEY", password: 'correct "horse"' };
const FELIX: MachineFelix = {
  node: "shop-prod-redis",
  etcd: { endpoints: ["https://192.0.2.5:2379"], ca: "CA", cert: "CERT", username: "clocker", ...SECRETS },
  url: "https://files.example.com/calico-felix",
  sha256: sum(PROGRAM),
  logins: ["192.0.2.0/28"],
};
const run = promisify(execFile);
const contentOf = (suffix: string) => felixFiles(FELIX).find(({ path }) => path.endsWith(suffix))?.content ?? "";

describe("Felix on a machine", () => {
  test("has credentials in files of root's alone, and nowhere else", () => {
    for (const { path, content, mode } of felixFiles(FELIX)) {
      const secret = [...Object.values(SECRETS), 'correct \\"horse\\"'].some((text) => content.includes(text));
      expect([path, mode === "0600" || !secret]).toEqual([path, true]);
    }
    for (const { script } of felixSteps(FELIX)) {
      for (const text of Object.values(SECRETS)) expect(script).not.toContain(text);
    }
    expect(contentOf("/key.pem")).toBe(SECRETS.key);
    expect(contentOf("/environment")).toContain('ETCD_PASSWORD="correct \\"horse\\""\n');
  });

  test("is the node of the machine's name, and carries no packets of others", () => {
    const environment = contentOf("/environment").split("\n");
    expect(environment).toEqual(
      expect.arrayContaining([
        'FELIX_FELIXHOSTNAME="shop-prod-redis"',
        'ETCD_ENDPOINTS="https://192.0.2.5:2379"',
        'FELIX_VXLANENABLED="false"',
        'FELIX_IPINIPENABLED="false"',
        'FELIX_HEALTHHOST="127.0.0.1"',
        'FELIX_FAILSAFEINBOUNDHOSTPORTS="udp:68,tcp:192.0.2.0/28:22"',
      ]),
    );
  });

  test("runs with the capabilities of the network alone", () => {
    const unit = contentOf(".service");
    expect(unit).toContain("\nCapabilityBoundingSet=CAP_NET_ADMIN CAP_NET_RAW\n");
    expect(unit).toContain("\nNoNewPrivileges=yes\n");
    expect(unit).toContain("\nProtectSystem=strict\n");
  });

  test("is no way in for others than logins, before it runs or where it finds no endpoint", () => {
    const rules = contentOf("/default-deny")
      .split("\n")
      .filter((line) => line.startsWith("-A"));
    const chain = "-A CLOCKER-DEFAULT-DENY";
    expect(rules).toEqual([
      `${chain} -i lo -j RETURN`,
      `${chain} -m conntrack --ctstate RELATED,ESTABLISHED -j RETURN`,
      `${chain} -p udp --dport 68 -j RETURN`,
      `${chain} -s 192.0.2.0/28 -p tcp --dport 22 -j RETURN`,
      `${chain} -j DROP`,
    ]);
    expect(contentOf("/clocker-default-deny.service")).toContain("\nBefore=network-pre.target\n");
  });

  test("has scripts that a POSIX shell reads", async () => {
    for (const { name, script } of [...felixSteps(FELIX), REMOVE_FELIX]) {
      await run("sh", ["-n", "-c", script]).catch((error) => expect.unreachable(`${name}: ${error}`));
    }
  });

  /** The install step in a folder of its own, where every program that it needs is there. */
  async function install(served: string, sha256: string) {
    const folder = mkdtempSync(join(tmpdir(), "clocker-felix-"));
    let downloads = 0;
    const server = createServer((_request, response) => {
      downloads++;
      response.end(served);
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/calico-felix`;
    const [step] = felixSteps({ ...FELIX, url, sha256 });
    const script = (step?.script ?? "").replaceAll("/opt/clocker", folder);
    const programs = "iptables() { :; }; ipset() { :; }; conntrack() { :; }; ip() { :; }";
    const again = () => run("sh", ["-e", "-c", `${programs}\n${script}`]);
    try {
      const failure = await again().then(
        () => undefined,
        (error: { stderr: string }) => error.stderr.trim(),
      );
      if (failure === undefined) {
        expect(readFileSync(join(folder, "calico-felix"), "utf8")).toBe(served);
        await again();
        expect(downloads).toBe(1);
        writeFileSync(join(folder, "calico-felix"), "something else");
        await again();
        expect(downloads).toBe(2);
      }
      return failure?.replace(url, "URL");
    } finally {
      server.close();
      rmSync(folder, { recursive: true });
    }
  }

  test("is downloaded once, and again only when the program is another one", async () => {
    expect(await install(PROGRAM, sum(PROGRAM))).toBeUndefined();
  });

  test("is not installed if its sum is another one", async () => {
    expect(await install("#!/bin/sh\necho evil\n", sum(PROGRAM))).toBe(
      `cannot install Felix: what is at URL has the SHA-256 sum ${sum("#!/bin/sh\necho evil\n")}, not the one of felixSha256: give the right sum, or the right felixUrl`,
    );
  });
});
