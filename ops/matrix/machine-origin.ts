import { shellQuote } from "../../providers/machine/shell-quote";
import { SshSession, type SshTarget } from "../../providers/machine/ssh";
import { CONNECT_SECONDS, type Origin, type Target } from "./model";

const LOGIN_MS = 20_000;
/** Connections at a time from one machine. */
const AT_ONCE = 8;

/** Connects from inside a virtual machine, where its shell does it. */
export class MachineOrigin implements Origin {
  private constructor(
    private readonly session: SshSession,
    private readonly address: string,
  ) {}

  /** @throws Error with what to do if the machine does not let this one in. */
  static async open(login: SshTarget): Promise<MachineOrigin> {
    try {
      return new MachineOrigin(await SshSession.connect(login, LOGIN_MS), login.address);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new Error(
        `cannot log in at ${login.user}@${login.address}: ${reason}; sshSources of its location must hold the address of this machine`,
      );
    }
  }

  async connect(targets: readonly Target[]): Promise<boolean[]> {
    if (targets.length === 0) return [];
    const seconds = (Math.ceil(targets.length / AT_ONCE) + 5) * (CONNECT_SECONDS + 1);
    const { stdout, output } = await this.session.run(script(targets), { sudo: false, timeoutSeconds: seconds });
    const codes = new Map(
      [...stdout.matchAll(/^(\d+)=(\d+)$/gm)].map(([, index, code]) => [Number(index), Number(code)]),
    );
    return targets.map(({ address, port }, index) => {
      const code = codes.get(index);
      if (code === 0) return true;
      // Refused by the other side, or ended by `timeout`.
      if (code === 1 || code === 124) return false;
      throw new Error(`cannot try ${address}:${port} from ${this.address}: ${output.trim() || "the shell ended"}`);
    });
  }

  async close(): Promise<void> {
    this.session.close();
  }
}

function script(targets: readonly Target[]): string {
  const lines = targets.flatMap(({ address, port }, index) => [
    `{ c=0; timeout ${CONNECT_SECONDS} bash -c 'exec 3<>"/dev/tcp/$1/$2"' - ${shellQuote(address)} ${port} 2>/dev/null || c=$?; echo "${index}=$c"; } &`,
    ...((index + 1) % AT_ONCE === 0 ? ["wait"] : []),
  ]);
  return [...lines, "wait"].join("\n");
}
