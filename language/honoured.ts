import type { KeyDefinition } from "../blueprint/keys";
import { PLATFORMS } from "../placement/platform/platforms";
import type { UnsupportedKey } from "../placement/platform/traits";

/** Platform by name to what becomes of a key there: `yes`, `no`, or `yes` with what is not. */
export function honoured(definition: KeyDefinition): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(PLATFORMS).map(([platform, { workloads, unsupported }]) => {
      const { kinds } = definition;
      if (kinds !== undefined && !kinds.some((kind) => workloads.includes(kind))) return [platform, "no"];
      const limits = unsupported.flatMap((lack) => limitOf(lack, definition));
      const whole = limits.find((limit) => /^no(?::|$)/.test(limit));
      return [platform, whole ?? ["yes", ...limits].join("; ")];
    }),
  );
}

/** How a lack of the platform limits a key, if it is about this one. */
function limitOf(lack: UnsupportedKey<never>, { name, aliases }: KeyDefinition): readonly string[] {
  const word = /^[\w.]+/.exec(lack.key)?.[0] ?? "";
  const about = lack.aliases ?? [word];
  if (![name, ...aliases].some((spelling) => about.includes(spelling))) return [];
  const rest = lack.aliases === undefined ? lack.key.slice(word.length).trim() : "";
  const { lackedBy, instead } = lack;
  if (rest !== "") return [`not ${rest}`];
  if (lackedBy !== undefined) return [`not where ${lackedBy} lacks it`];
  return [instead === undefined ? "no" : `no: ${instead}`];
}
