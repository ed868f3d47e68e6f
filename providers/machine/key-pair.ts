import { utils } from "ssh2";

export interface KeyPair {
  /** One line of authorized_keys. */
  readonly publicKey: string;
  /** OpenSSH text. */
  readonly privateKey: string;
}

/** A new Ed25519 key pair. */
export function newKeyPair(comment?: string): KeyPair {
  for (;;) {
    const pair = utils.generateKeyPairSync("ed25519", comment === undefined ? {} : { comment });
    // ssh2 drops the zero byte with which one public key in 256 begins, and then nothing can read the pair.
    if (!(utils.parseKey(pair.private) instanceof Error)) return { publicKey: pair.public, privateKey: pair.private };
  }
}
