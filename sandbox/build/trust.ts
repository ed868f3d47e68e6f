import { readFile } from "node:fs/promises";
import type { ContextFile } from "./context";

/** The authorities that this machine trusts beside the public ones (NODE_EXTRA_CA_CERTS), for builds that use TLS. */
export async function trustedAuthorities(): Promise<ContextFile> {
  const file = process.env["NODE_EXTRA_CA_CERTS"];
  const content = file ? await readFile(file).catch(() => Buffer.alloc(0)) : Buffer.alloc(0);
  return { name: "ca.pem", content, executable: false };
}
