/** A value read from JSON text. */
export type Json = null | boolean | number | string | Json[] | JsonObject;

export interface JsonObject {
  [key: string]: Json;
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value that `text` writes, or `text` itself where it is not JSON. */
export function parseOrText(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}

/** A value for a message: one line, and no more of a long one than shows where it begins and ends. */
export function short(value: Json): string {
  const text = JSON.stringify(value);
  return text.length < 161 ? text : `${text.slice(0, 110)} ... ${text.slice(-45)}`;
}

/** All elements of the lists called `key`, at any depth. */
export function elementsOf(value: Json, key: string): Json[] {
  if (Array.isArray(value)) return value.flatMap((element) => elementsOf(element, key));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([name, inner]) => [
    ...(name === key && Array.isArray(inner) ? inner : []),
    ...elementsOf(inner, key),
  ]);
}

/** The text of the value at `path` as `json` writes it, so that 1.0 stays 1.0; undefined if there is none. */
export function sourceText(json: string, path: readonly string[]): string | undefined {
  const tokens = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g;
  const keys: (string | undefined)[] = [];
  let last = "";
  let begin: number | undefined;
  for (let token = tokens.exec(json); token; token = tokens.exec(json)) {
    const [text] = token;
    const here = keys.length === path.length && keys.every((key, depth) => key === path[depth]);
    if (begin === undefined && here && text !== ":") begin = token.index;
    if (begin !== undefined && keys.length === path.length && (text === "," || text === "}"))
      return json.slice(begin, token.index).trim();
    if (text === "{" || text === "[") keys.push(undefined);
    else if (text === "}" || text === "]") keys.pop();
    else if (text === ":") keys[keys.length - 1] = JSON.parse(last) as string;
    else if (text === ",") keys[keys.length - 1] = undefined;
    last = text;
  }
  return undefined;
}
