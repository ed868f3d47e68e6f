import { randomUUID } from "node:crypto";
import type { Handler } from "../runtime/handler";
import { containsUnknown } from "../runtime/unknown";
import { newKeyPair } from "./key-pair";

/**
 * `machine.SshKey`: an Ed25519 key pair that lives in the state alone. Inputs `comment` (part of the public key) and `triggers`; outputs
 * those, `publicKey` (one line of authorized_keys) and `privateKey` (OpenSSH text, always secret). Only `triggers` make a new one.
 */
export const sshKeyHandler: Handler = {
  async check(_olds, news) {
    return { inputs: news, failures: [] };
  },

  async diff(_id, olds, news) {
    const [before, now] = [olds["triggers"] ?? null, news["triggers"] ?? null];
    const changed = containsUnknown(now) || JSON.stringify(before) !== JSON.stringify(now);
    return { changes: changed, replaces: changed ? ["triggers"] : [] };
  },

  async create(inputs) {
    return { id: randomUUID(), outs: { ...inputs, ...newKeyPair(String(inputs["comment"] ?? "clocker")) } };
  },

  async read(id, props) {
    const { publicKey: _, privateKey: __, ...inputs } = props;
    return { id, props, inputs };
  },

  async update(_id, olds, news) {
    return { outs: { ...olds, ...news } };
  },

  async delete() {},
};
