import https from "node:https";
import axios from "axios";
import { certificateScript } from "../build/certificates";
import { ensureImage } from "../build/image";
import { readFiles } from "../container-files";
import { ensureContainer } from "../containers";
import { step, waitFor } from "../progress";
import type { Sandbox } from "../sandbox";

/** An etcd that answers, and what a client needs to talk to it; PEM texts. */
export interface Etcd {
  readonly endpoints: readonly string[];
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

const PORT = 2379;
const READY_MS = 60_000;

/** Starts etcd and waits until it is healthy. */
export async function etcdUp(sandbox: Sandbox): Promise<Etcd> {
  const { engine, plan, base, log } = sandbox;
  const generated = [await certificateScript()];
  const image = await ensureImage(engine, { name: "etcd", args: { BASE: base.tag }, generated, expected: "30 s" }, log);
  const address = plan.address.etcd;
  const container = await ensureContainer(
    engine,
    plan,
    {
      part: "etcd",
      image,
      env: { ADDRESS: address },
      volumes: { etcd: "/var/lib/etcd", "etcd-certs": "/certs" },
    },
    log,
  );
  const url = `https://${address}:${PORT}`;
  return step(log, `etcd answers at ${url}`, () =>
    waitFor("etcd", { timeoutMs: READY_MS, remedy: "see docker logs of its container" }, async () => {
      const files = await readFiles(container, "/certs/client");
      const pem = (file: string) => files?.get(`client/${file}`)?.toString() ?? "";
      const tls = { ca: pem("ca.pem"), cert: pem("cert.pem"), key: pem("key.pem") };
      if (!tls.ca || !tls.cert || !tls.key) return undefined;
      const { data } = await axios.get<{ health?: string }>(`${url}/health`, {
        httpsAgent: new https.Agent(tls),
        proxy: false,
        timeout: 3000,
      });
      return data.health === "true" ? { endpoints: [url], ...tls } : undefined;
    }),
  );
}
