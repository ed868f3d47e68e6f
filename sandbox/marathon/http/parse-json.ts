import { ApiError } from "../model/errors";
import type { Json } from "../model/json";

/** Parses a request body. Throws ApiError 400 with the wording of Marathon's parser where it is known. */
export function parseJson(text: string): Json {
  if (text.trim() === "") {
    const details = `No content to map due to end-of-input\n at [Source: (byte[])"${text}"; line: 1, column: 0]`;
    throw new ApiError(400, { message: "Please specify data in JSON format", details });
  }
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw new ApiError(400, { message: "Invalid JSON", details: diagnose(text) });
  }
}

function diagnose(text: string): string {
  const trimmed = text.trim();
  const word = /^[A-Za-z_$][\w$]*/.exec(trimmed)?.[0];
  if (word && !["true", "false", "null"].includes(word))
    return `Unrecognized token '${word}': was expecting ('true', 'false' or 'null')`;
  const { stack, inString, afterKey } = scan(trimmed);
  if (inString) return "Unexpected end-of-input in VALUE_STRING";
  const open = stack.at(-1);
  if (open && afterKey) return "Unexpected end-of-input within/between Object entries";
  if (open)
    return (
      `Unexpected end-of-input: expected close marker for ${open.kind} ` +
      `(start marker at [Source: (byte[])"${text}"; line: 1, column: ${open.column}])`
    );
  const odd = trimmed.at(0) ?? "";
  return (
    `Unexpected character ('${odd}' (code ${odd.charCodeAt(0)})): ` +
    "expected a valid value (number, String, array, object, 'true', 'false' or 'null')"
  );
}

function scan(text: string): {
  stack: { kind: "Object" | "Array"; column: number }[];
  inString: boolean;
  afterKey: boolean;
} {
  const stack: { kind: "Object" | "Array"; column: number }[] = [];
  let inString = false;
  let key = false;
  let afterKey = false;
  for (let index = 0; index < text.length; index += 1) {
    const char = text[index];
    if (inString) {
      if (char === "\\") index += 1;
      else if (char === '"') {
        inString = false;
        afterKey = key;
      }
      continue;
    }
    if (char === '"') {
      inString = true;
      key = stack.at(-1)?.kind === "Object" && /[{,]\s*$/.test(text.slice(0, index));
    } else if (char === "{" || char === "[") {
      stack.push({ kind: char === "{" ? "Object" : "Array", column: index + 1 });
    } else if (char === "}" || char === "]") {
      stack.pop();
      afterKey = false;
    }
  }
  return { stack, inString, afterKey };
}
