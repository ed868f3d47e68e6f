import * as pulumi from "@pulumi/pulumi";
import { type ParsedSettings, parseSettings, rawSettings } from "./load";

/** Reads and checks the stack configuration of the running program. */
export function readSettings(): ParsedSettings {
  return parseSettings(rawSettings(pulumi.runtime.allConfig(), isEncrypted));
}

/** The SDK knows it, but leaves the function out of its type declarations. */
function isEncrypted(key: string): boolean {
  return (pulumi.runtime as unknown as { isConfigSecret(key: string): boolean }).isConfigSecret(key);
}
