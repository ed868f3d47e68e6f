import { z } from "zod";
import { ensureImage } from "../build/image";
import { execute, lastLines, readFiles } from "../container-files";
import { ensureContainer } from "../containers";
import { type Note, step, waitFor } from "../progress";
import type { Sandbox } from "../sandbox";
import { reason, SandboxError } from "../sandbox-error";

const READY_MS = 900_000;
const STATE_FOLDER = "/var/lib/cloud-state";
const CLOUDS_FILE = "clouds-public.json";

const cloudSchema = z.object({
  authUrl: z.string(),
  region: z.string(),
  projectName: z.string(),
  userName: z.string(),
  password: z.string(),
  userDomainName: z.string(),
  projectDomainName: z.string(),
  image: z.string(),
  flavor: z.string(),
  externalNetwork: z.string(),
});

/** What a plain user of the OpenStack needs to know, as its container writes it down. */
export type Cloud = z.infer<typeof cloudSchema>;

/** Starts OpenStack and waits until all of it answers; CLOUD_DRIVER=fake in the environment leaves out real machines. */
export async function openstackUp(sandbox: Sandbox): Promise<Cloud> {
  const { engine, plan, base, log } = sandbox;
  const driver = process.env["CLOUD_DRIVER"] ?? "libvirt";
  if (driver !== "libvirt" && driver !== "fake") {
    throw new SandboxError(`CLOUD_DRIVER is '${driver}', allowed are libvirt and fake; change or unset it`);
  }
  const image = await ensureImage(
    engine,
    { name: "openstack", args: { BASE: base.tag }, expected: "1.5 GB of packages, 5 to 10 min the first time" },
    log,
  );
  const privileges = await sandbox.privileges();
  const tun = { PathOnHost: "/dev/net/tun", PathInContainer: "/dev/net/tun", CgroupPermissions: "rwm" };
  const container = await ensureContainer(
    engine,
    plan,
    {
      part: "openstack",
      image,
      env: { CLOUD_DRIVER: driver, CLOUD_EXT_PREFIX: plan.prefix },
      volumes: { openstack: STATE_FOLDER },
      privileges: { ...privileges, Devices: [tun] },
      stopTimeoutSeconds: 40,
    },
    log,
  );
  const remedy = "see docker logs of its container";
  await step(log, "OpenStack is ready", (note) =>
    waitFor("OpenStack", { timeoutMs: READY_MS, remedy }, async () => {
      const { State } = await container.inspect();
      const lines = await lastLines(container, 5);
      if (!State.Running) throw new SandboxError(`OpenStack stopped with code ${State.ExitCode}:\n${lines.join("\n")}`);
      tellLast(note, lines);
      return (await execute(container, ["test", "-e", "/run/cloud-ready"])) === 0 || undefined;
    }),
  );
  const files = await readFiles(container, `${STATE_FOLDER}/${CLOUDS_FILE}`);
  return parseCloud(files?.get(CLOUDS_FILE)?.toString() ?? "");
}

/** Checks what the container wrote down. */
export function parseCloud(text: string): Cloud {
  try {
    return cloudSchema.parse(JSON.parse(text));
  } catch (error) {
    throw new SandboxError(
      `OpenStack's ${CLOUDS_FILE} cannot be read: ${reason(error)}; remove its container and try again`,
    );
  }
}

function tellLast(note: Note, lines: readonly string[]): void {
  note(lines.at(-1)?.trim().slice(0, 100) ?? "");
}
