import type Docker from "dockerode";
import { LABEL } from "./containers";
import type { Engine } from "./engine/connect";
import { reason } from "./sandbox-error";

/**
 * Rights for a container that runs containers or machines itself. `--privileged` asks for every capability and fails where the
 * engine itself runs without one of them; the same rights without that capability are enough.
 */
export async function nestingPrivileges(engine: Engine, image: string, sandbox: string): Promise<Docker.HostConfig> {
  const container = await engine.docker.createContainer({
    Image: image,
    Cmd: ["true"],
    Labels: { [LABEL]: sandbox },
    HostConfig: { Privileged: true, NetworkMode: "none" },
  });
  try {
    await container.start();
    return { Privileged: true };
  } catch (error) {
    if (!reason(error).includes("caps")) throw error;
    return {
      CapAdd: ["ALL"],
      CapDrop: ["SYS_RESOURCE"],
      SecurityOpt: ["seccomp=unconfined", "apparmor=unconfined"],
      MaskedPaths: [],
      ReadonlyPaths: [],
      Devices: [{ PathOnHost: "/dev/net/tun", PathInContainer: "/dev/net/tun", CgroupPermissions: "rwm" }],
    };
  } finally {
    await container.remove({ force: true });
  }
}
