import * as pulumi from "@pulumi/pulumi";
import { ClockerResource } from "../runtime/resource";
import type { SetupFile, SetupStep, SetupVerify } from "./setup-inputs";

export interface MachineSetupArgs {
  /** Identity of the machine, e.g. the server's id. Another one replaces: its host key is taken anew. */
  readonly machine: pulumi.Input<string>;
  readonly address: pulumi.Input<string>;
  /** @default 22 */
  readonly port?: pulumi.Input<number>;
  /** Who logs in; needs `sudo` without password unless it is root. */
  readonly user: pulumi.Input<string>;
  readonly privateKey: pulumi.Input<string>;
  /** Files that are written before the steps and checked on every refresh. */
  readonly files?: pulumi.Input<readonly pulumi.Input<SetupFile>[]>;
  /** Idempotent scripts, run in this order on every create and update. */
  readonly steps?: pulumi.Input<readonly pulumi.Input<SetupStep>[]>;
  /** Run after the steps and on every refresh; another answer than expected makes the next update repair the machine. */
  readonly verify: pulumi.Input<SetupVerify>;
  /** Script that runs as root before the machine goes; skipped if the machine does not answer. */
  readonly teardown?: pulumi.Input<string>;
  /** Values that must not appear in a message, though a script may print them. */
  readonly redact?: pulumi.Input<readonly pulumi.Input<string>[]>;
  /** Deadline in seconds for everything, the wait for SSH included. */
  readonly timeoutSeconds: pulumi.Input<number>;
  /** Texts of which any change runs the steps again. */
  readonly triggers?: pulumi.Input<readonly pulumi.Input<string>[]>;
}

const SSH_PORT = 22;

/** Software on a machine, installed and verified over SSH. */
export class MachineSetup extends ClockerResource {
  declare readonly address: pulumi.Output<string>;
  /** Fingerprint of the machine's host key, taken on first use and required from then on. */
  declare readonly hostKey: pulumi.Output<string>;
  /** What the last look at the machine found wrong; empty if nothing. */
  declare readonly problem: pulumi.Output<string>;

  constructor(name: string, args: MachineSetupArgs, opts?: pulumi.CustomResourceOptions) {
    const inputs = {
      ...args,
      port: args.port ?? SSH_PORT,
      privateKey: pulumi.secret(args.privateKey),
      ...(args.redact && { redact: pulumi.secret(args.redact) }),
    };
    const secret = { additionalSecretOutputs: ["privateKey", "redact"] };
    super(
      "machine.Setup",
      name,
      { ...inputs, hostKey: undefined, problem: undefined },
      pulumi.mergeOptions(opts, secret),
    );
  }
}
