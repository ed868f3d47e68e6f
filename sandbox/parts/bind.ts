import { Resolver } from "node:dns/promises";
import { TEST_NETWORKS } from "../address-plan";
import { ensureImage } from "../build/image";
import { readFiles } from "../container-files";
import { ensureContainer } from "../containers";
import { ensureProgram } from "../engine/packages";
import { step, waitFor } from "../progress";
import type { Sandbox } from "../sandbox";

/** A BIND that answers, and the key to change its zones. */
export interface NameServer {
  readonly server: string;
  readonly port: number;
  /** The forward zone, without a dot at its end. */
  readonly domain: string;
  /** The zones for addresses of the sandbox and of Calico's pool. */
  readonly reverseZones: readonly string[];
  readonly tsig: { readonly name: string; readonly algorithm: "hmac-sha256"; readonly secret: string };
}

const PORT = 53;
const DOMAIN = "clocker.test";
const READY_MS = 60_000;
const VOLUME_FOLDER = "/var/lib/bind";
const KEY_NAME = "clocker";
const KEY_FILE = `${KEY_NAME}.key`;

/** Starts BIND and waits until it answers for its zones. */
export async function bindUp(sandbox: Sandbox): Promise<NameServer> {
  const { engine, plan, base, log } = sandbox;
  // Records are written from this machine.
  await ensureProgram("nsupdate", ["bind9-dnsutils"], "install BIND's dig and nsupdate so that they are on PATH", log);
  const image = await ensureImage(engine, { name: "bind", args: { BASE: base.tag }, expected: "30 s" }, log);
  const server = plan.address.bind;
  // All inner networks and pools are in 198.18.0.0/16.
  const reverseZones = ["18.198.in-addr.arpa", `${plan.prefix.split(".").reverse().join(".")}.in-addr.arpa`];
  const container = await ensureContainer(
    engine,
    plan,
    {
      part: "bind",
      image,
      env: { ADDRESS: server, DOMAIN, REVERSE_ZONES: reverseZones.join(" "), CLIENTS: TEST_NETWORKS },
      volumes: { bind: VOLUME_FOLDER },
    },
    log,
  );
  return step(log, `bind answers at ${server}:${PORT}`, () =>
    waitFor("bind", { timeoutMs: READY_MS, remedy: "see docker logs of its container" }, async () => {
      const files = await readFiles(container, `${VOLUME_FOLDER}/${KEY_FILE}`);
      const secret = /secret "([^"]+)"/.exec(files?.get(KEY_FILE)?.toString() ?? "")?.[1];
      if (secret === undefined) return undefined;
      const resolver = new Resolver({ timeout: 2000, tries: 1 });
      resolver.setServers([server]);
      for (const zone of [DOMAIN, ...reverseZones]) await resolver.resolveSoa(zone);
      const tsig = { name: KEY_NAME, algorithm: "hmac-sha256" as const, secret };
      return { server, port: PORT, domain: DOMAIN, reverseZones, tsig };
    }),
  );
}
