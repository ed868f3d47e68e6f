import * as pulumi from "@pulumi/pulumi";
import { ClockerResource } from "../runtime/resource";

export interface SshKeyArgs {
  /** Ends the public key's line. A change has no effect on an existing key. */
  readonly comment: pulumi.Input<string>;
  /** Texts of which any change makes a new key. */
  readonly triggers?: pulumi.Input<readonly pulumi.Input<string>[]>;
}

/** An Ed25519 key pair that lives in the state alone, the private half encrypted. */
export class SshKey extends ClockerResource {
  /** One line of authorized_keys. */
  declare readonly publicKey: pulumi.Output<string>;
  /** OpenSSH text; secret. */
  declare readonly privateKey: pulumi.Output<string>;

  constructor(name: string, args: SshKeyArgs, opts?: pulumi.CustomResourceOptions) {
    const secret = { additionalSecretOutputs: ["privateKey"] };
    super(
      "machine.SshKey",
      name,
      { ...args, publicKey: undefined, privateKey: undefined },
      pulumi.mergeOptions(opts, secret),
    );
  }
}
