import * as pulumi from "@pulumi/pulumi";
import { type ParsedSettings, parseSettings, type RawSettings } from "./load";

const NAMESPACE = "clocker:";

/** Reads and checks the stack configuration of the running program. */
export function readSettings(): ParsedSettings {
  const all = pulumi.runtime.allConfig();
  const keys = Object.keys(all).filter((key) => key.startsWith(NAMESPACE));
  const raw: RawSettings = {
    ...Object.fromEntries(keys.map((key) => [key.slice(NAMESPACE.length), parseValue(all[key] ?? "")])),
    encryptedKeys: new Set(keys.filter(isEncrypted)),
  };
  return parseSettings(raw);
}

/** The engine hands structured values over as JSON and all others as plain text. */
function parseValue(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) {
    return text;
  }
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** The SDK knows it, but leaves the function out of its type declarations. */
function isEncrypted(key: string): boolean {
  return (pulumi.runtime as unknown as { isConfigSecret(key: string): boolean }).isConfigSecret(key);
}
