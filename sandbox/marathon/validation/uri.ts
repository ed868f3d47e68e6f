const ESCAPED = "%[0-9A-Fa-f]{2}";
/** Letters beyond ASCII, but for spaces and control characters. */
const OTHER = "[^\\u0000-\\u00a0\\p{Z}\\p{Cc}]";
const piece = (ascii: string): string => `(?:[${ascii}]|${ESCAPED}|${OTHER})`;
const PLAIN = "A-Za-z0-9\\-_.!~*'();:@&=+$,";
const PATH = `${piece(`${PLAIN}/`)}*`;
const QUERY = `${piece(`${PLAIN}/?\\[\\]`)}*`;
const AUTHORITY = `(?:(?:${piece("A-Za-z0-9\\-_.!~*'();:&=+$,")}*@)?\\[[0-9A-Fa-f:.%A-Za-z]+\\](?::\\d*)?|${piece(PLAIN)}+)`;
const HIERARCHIC = `(?://${AUTHORITY}(?:/${PATH})?|//(?=[/?#])${PATH}|/(?!/)${PATH})`;
const OPAQUE = `${piece(PLAIN)}${QUERY}`;
const RELATIVE = `(?:${piece(PLAIN.replace(":", ""))}+(?:/${PATH})?)?`;
const TAIL = `(?:\\?${QUERY})?(?:#${QUERY})?`;
const URI = new RegExp(
  `^(?:[A-Za-z][A-Za-z0-9+.\\-]*:(?:${HIERARCHIC}${TAIL}|${OPAQUE}(?:#${QUERY})?)|(?:${HIERARCHIC}|${RELATIVE})${TAIL})$`,
  "u",
);

/** Whether Java's `URI` takes the text: escapes in full, nothing that has to be escaped, a scheme with something behind. */
export function isUri(text: string): boolean {
  return URI.test(text);
}
