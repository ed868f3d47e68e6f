/** Makes a broken file of a good one; the same text gives the same file. */
export type Mutation = readonly [what: string, mutate: (text: string) => string | Buffer];

/** The text with its first match replaced; without one, a line that is wrong wherever it stands. */
const replaced = (pattern: RegExp, by: string) => (text: string) =>
  pattern.test(text) ? text.replace(pattern, by) : `${text}\n%%% }{\n`;

const behind = (added: string) => (text: string) => `${text.trimEnd()}\n${added}\n`;
const bytes =
  (...added: number[]) =>
  (text: string) => {
    const whole = Buffer.from(text);
    const middle = Math.floor(whole.length / 2);
    return Buffer.concat([whole.subarray(0, middle), Buffer.from(added), whole.subarray(middle)]);
  };

/** Mutations that the language or YAML forbids. */
export const BREAKING: readonly Mutation[] = [
  ["services that are a text", replaced(/^services:[\s\S]*/m, "services: many\n")],
  ["services that are a number", replaced(/^services:[\s\S]*/m, "services: 3\n")],
  ["no services", replaced(/^services:[\s\S]*/m, "")],
  ["services without a value", replaced(/^services:[\s\S]*/m, "services:\n")],
  ["a list for the whole", () => "- a\n- b\n"],
  ["a text for the whole", () => "just text\n"],
  ["an unknown key", behind("no-such-key: 1")],
  ["a key twice", behind("services: []")],
  ["a line further left than its list", replaced(/^ {4}(\w+:)/m, " $1")],
  ["a line further right than its map", replaced(/^services:/m, "  services:\nx: 1\n    y: 2\nservices:")],
  ["a tab as indentation", replaced(/^ {2}/m, "\t")],
  ["an alias without an anchor", behind("x-any: *nobody")],
  ["an anchor that holds itself", behind("x-any: &a [*a]")],
  ["a cycle of two anchors", behind("x-any: &a { b: &b { a: *a, c: *b } }")],
  ["a merge of a text", behind("x-any: { <<: text }")],
  ["a list as a key", behind("[a, b]: 1")],
  ["an empty key", behind(": 1")],
  ["a tag that nobody knows", behind("x-any: !secret text")],
  ["a directive of another version", (text) => `%YAML 9.9\n%OTHER a\n---\n{\n${text}`],
  ["two documents", (text) => `${text}\n---\n${text}`],
  ["three documents, the last one broken", (text) => `${text}\n---\na: 1\n---\n{`],
  ["an open quote", behind('x-any: "never closed')],
  ["an open bracket", behind("x-any: [1, 2")],
  ["an open brace", behind("x-any: { a: 1")],
  ["a second value on a line", behind("x-any: a: b: c")],
  ["a reserved sign", behind("x-any: @home")],
  ["a bad escape", behind('x-any: "\\q"')],
  ["a byte that is no UTF-8", bytes(0xff)],
  ["text in Latin-1", bytes(0xe4, 0x20)],
  ["half of a surrogate pair", bytes(0xed, 0xa0, 0x80)],
  ["UTF-16", (text) => Buffer.from(`\ufeff${text}`, "utf16le")],
  ["cut inside a character", (text) => Buffer.concat([Buffer.from(text), Buffer.from([0xe2, 0x82])])],
  ["nothing", () => ""],
  ["comments only", (text) => text.replace(/^/gm, "# ")],
];

/** Mutations that some files bear, and others do not. */
export const CHANGING: readonly Mutation[] = [
  ["a byte order mark", (text) => `\ufeff${text}`],
  ["a byte order mark in the middle", bytes(0xef, 0xbb, 0xbf)],
  ["line ends of another system", (text) => text.replaceAll("\n", "\r\n")],
  ["line ends of an old system", (text) => text.replaceAll("\n", "\r")],
  ["mixed line ends", (text) => text.replace(/\n/g, (end, at: number) => (at % 3 === 0 ? "\r\n" : end))],
  ["a NUL", bytes(0)],
  ["an escape sequence of a terminal", bytes(0x1b, 0x5b, 0x33, 0x31, 0x6d)],
  ["a bell", bytes(7)],
  ["a third of it", (text) => text.slice(0, text.length / 3)],
  ["half of it", (text) => text.slice(0, text.length / 2)],
  ["all but the last characters", (text) => text.trimEnd().slice(0, -2)],
  ["every number a list", (text) => text.replace(/: \d+$/gm, ": [[1]]")],
  ["every key in capitals", (text) => text.replace(/\b\w+:(?= |$)/gm, (key) => key.toUpperCase())],
  ["every value empty", (text) => text.replace(/: .*$/gm, ":")],
  ["every value a map", (text) => text.replace(/: [\w.:/-]+$/gm, ": { a: { b: c } }")],
  ["every quote gone", (text) => text.replace(/["']/g, "")],
  ["lines in reverse", (text) => text.split("\n").reverse().join("\n")],
  ["every line twice", (text) => text.replace(/^.*$/gm, "$&\n$&")],
  ["no indentation", (text) => text.replace(/^ +/gm, "")],
  ["tags of YAML itself", (text) => text.replace(/: (\d+)$/gm, ": !!str $1")],
  ["an end of the document", behind("...")],
];
