import { createHash, randomBytes } from "node:crypto";
import type Docker from "dockerode";
import { bundle } from "../build/bundle";
import { ensureImage } from "../build/image";
import { lastLines, readFiles, writeFiles } from "../container-files";
import { ensureContainer } from "../containers";
import { step, waitFor } from "../progress";
import type { Sandbox } from "../sandbox";
import type { DockerHost } from "./hosts";

/** The Marathon-compatible server that answers. */
export interface MarathonServer {
  readonly url: string;
  readonly username: string;
  readonly password: string;
}

const PORT = 8080;
const READY_MS = 60_000;
const USER = "clocker";
const VOLUME_FOLDER = "/var/lib/marathon";
const CREDENTIALS_FILE = "credentials";
const AGENTS_FOLDER = "agents";

/** Starts the Marathon-compatible server with the Docker hosts as its agents and waits until it answers. */
export async function marathonUp(sandbox: Sandbox, hosts: readonly DockerHost[]): Promise<MarathonServer> {
  const { engine, plan, base, log } = sandbox;
  const image = await ensureImage(
    engine,
    {
      name: "marathon",
      args: { BASE: base.tag },
      generated: [await bundle("sandbox/marathon/main.ts", "marathon.js")],
      expected: "1 min",
    },
    log,
  );
  const files = agentFiles(hosts);
  const container = await ensureContainer(
    engine,
    plan,
    {
      part: "marathon",
      image,
      cmd: [
        ...["--host", "0.0.0.0", "--port", String(PORT), "--state", `${VOLUME_FOLDER}/state`],
        ...["--agents", `/etc/${AGENTS_FOLDER}/agents.json`],
        ...["--credentials-file", `${VOLUME_FOLDER}/${CREDENTIALS_FILE}`],
      ],
      volumes: { marathon: VOLUME_FOLDER },
      filesHash: createHash("sha256").update(JSON.stringify(files)).digest("hex"),
      prepare: async (created) => {
        await writeFiles(created, "/etc", files);
        if ((await readPassword(created)) !== undefined) return;
        const password = randomBytes(18).toString("base64url");
        await writeFiles(created, VOLUME_FOLDER, { [CREDENTIALS_FILE]: `${USER}:${password}\n` });
      },
    },
    log,
  );
  const password = await readPassword(container);
  if (password === undefined) throw new Error("the volume of marathon holds no credentials");
  const url = `http://${plan.address.marathon}:${PORT}`;
  await step(log, `marathon answers at ${url}`, () =>
    waitFor("marathon", { timeoutMs: READY_MS, remedy: "see docker logs of its container" }, async () => {
      await mustRun(container);
      const response = await fetch(`${url}/ping`, { signal: AbortSignal.timeout(2000) });
      return response.status < 500 || undefined;
    }),
  );
  return { url, username: USER, password };
}

/** Agents list and client certificates, by path below /etc. */
function agentFiles(hosts: readonly DockerHost[]): Record<string, string> {
  const files: Record<string, string> = {};
  const agents = hosts.map(({ name, address, port, tls }) => {
    const pem = Object.fromEntries(
      Object.entries(tls).map(([kind, text]) => {
        const file = `${AGENTS_FOLDER}/${name}/${kind}.pem`;
        files[file] = text;
        return [kind, `/etc/${file}`];
      }),
    );
    return { hostname: name, address, docker: { host: address, port, ...pem } };
  });
  return { ...files, [`${AGENTS_FOLDER}/agents.json`]: JSON.stringify(agents, undefined, 2) };
}

async function readPassword(container: Docker.Container): Promise<string | undefined> {
  const files = await readFiles(container, `${VOLUME_FOLDER}/${CREDENTIALS_FILE}`);
  return files
    ?.get(CREDENTIALS_FILE)
    ?.toString()
    .trim()
    .slice(USER.length + 1);
}

async function mustRun(container: Docker.Container): Promise<void> {
  const { State } = await container.inspect();
  if (!State.Running) throw new Error(`its container stopped: ${(await lastLines(container, 3)).join(" ")}`);
}
