/** The leading `major.minor.patch`, as far as it is there; what follows is the qualifier. */
const NUMBERS = /^(?:0|[1-9]\d*)(?:\.(?:0|[1-9]\d*)){0,2}/;
const SEPARATORS = ["_", ".", "-"];

/**
 * Brooklyn's order of versions, lowest first: snapshots before all others, numbers by their value, and a version with a qualifier before
 * the one without it (1.1 < 1.2-rc < 1.2). Zero only for equal texts.
 */
export function compareVersions(a: string, b: string): number {
  const [one, other] = [split(a), split(b)];
  return (
    Number(other.snapshot) - Number(one.snapshot) ||
    natural(one.numbers, other.numbers) ||
    Number(one.qualifier === "") - Number(other.qualifier === "") ||
    natural(one.qualifier.replace(/^[-._]/, ""), other.qualifier.replace(/^[-._]/, "")) ||
    separator(one.qualifier) - separator(other.qualifier) ||
    (a < b ? -1 : Number(a > b))
  );
}

function split(version: string) {
  const numbers = NUMBERS.exec(version)?.[0] ?? "";
  return { snapshot: /snapshot/i.test(version), numbers, qualifier: version.slice(numbers.length) };
}

function separator(qualifier: string): number {
  return SEPARATORS.indexOf(qualifier.charAt(0));
}

/** Character by character, where digits that stand together are one number. */
function natural(a: string, b: string): number {
  const [one, other] = [partsOf(a), partsOf(b)];
  for (const [index, part] of one.entries()) {
    const opposite = other[index];
    if (opposite === undefined) return 1;
    const order = compareParts(part, opposite);
    if (order !== 0) return order;
  }
  return one.length - other.length;
}

function partsOf(text: string): readonly string[] {
  return text.match(/\d+|\D/g) ?? [];
}

function compareParts(a: string, b: string): number {
  const [one, other] = [/^\d/.test(a), /^\d/.test(b)];
  if (one && other) {
    const [x, y] = [BigInt(a), BigInt(b)];
    return x < y ? -1 : Number(x > y);
  }
  // A number stands where its digits do among characters.
  const [x, y] = [one ? "0" : a, other ? "0" : b];
  return x < y ? -1 : Number(x > y);
}
