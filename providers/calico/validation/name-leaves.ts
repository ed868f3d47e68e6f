import { leaf, text, unlessEmpty } from "./leaves";
import { child, isObject, type Shape } from "./shape";

const DNS_LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
const SUBDOMAIN = new RegExp(`^${DNS_LABEL}(\\.${DNS_LABEL})*$`);
const QUALIFIED = /^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/;
const LABEL_VALUE = /^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$/;

const SUBDOMAIN_REMEDY = "use a-z, 0-9, '-' and '.', with a letter or digit at both ends of each part";

export function isSubdomain(text: string): boolean {
  return text.length <= 253 && SUBDOMAIN.test(text);
}

export function isDnsLabel(text: string): boolean {
  return text.length <= 63 && !text.includes(".") && SUBDOMAIN.test(text);
}

/** The name of a resource, node or profile. */
export function name(): Shape {
  return text({ valid: isSubdomain, allowed: "a name of Calico's", remedy: SUBDOMAIN_REMEDY });
}

/** A network interface; `*` stands for all of a host. */
export function interfaceName(star: boolean): Shape {
  return text({
    valid: star ? /^(\*|[a-zA-Z0-9_.-]{1,15})$/ : /^[a-zA-Z0-9_.-]{1,15}$/,
    allowed: "an interface's name",
    remedy: `use 1 to 15 of A-Z a-z 0-9 _ . -${star ? ", or '*' for all interfaces of the host" : ""}`,
  });
}

export function isPortName(text: string): boolean {
  return text.length <= 15 && /^[a-z0-9]+(-[a-z0-9]+)*$/.test(text) && /[a-z]/.test(text);
}

/** Name of an endpoint's port, to which rules refer. */
export function portName(filled: boolean): Shape {
  return text({
    valid: isPortName,
    allowed: "a port's name",
    remedy: "use 1 to 15 of a-z, 0-9 and single '-' within, at least one letter",
    filled,
  });
}

/** What is wrong with a label's or an annotation's key, or undefined. */
export function keyProblem(key: string): string | undefined {
  const slash = key.indexOf("/");
  const [prefix, name] = slash < 0 ? [undefined, key] : [key.slice(0, slash), key.slice(slash + 1)];
  if (name.length > 63 || !QUALIFIED.test(name)) {
    return "use [prefix/]name, the name of 1 to 63 of A-Z a-z 0-9 - _ . with a letter or digit at both ends";
  }
  if (prefix !== undefined && !isSubdomain(prefix)) return "the part before the '/' must be a DNS name in lower case";
  return undefined;
}

export function isLabelValue(value: unknown): boolean {
  return typeof value === "string" && value.length <= 63 && LABEL_VALUE.test(value);
}

export const LABEL_VALUE_REMEDY = "use at most 63 of A-Z a-z 0-9 - _ . with a letter or digit at both ends, or nothing";

export function labels(): Shape {
  return leaf((value, at, findings) => {
    if (!isObject(value)) {
      findings.refuse(at, value, "an object of labels", "write key: 'value'");
      return;
    }
    for (const [key, given] of Object.entries(value)) {
      const problem = keyProblem(key);
      if (problem) findings.refuse(child(at, key), key, "a label's key", problem);
      if (findings.isUnknown(given)) continue;
      if (!isLabelValue(given)) findings.refuse(child(at, key), given, "a label's value", LABEL_VALUE_REMEDY);
    }
  }, emptyAsAbsent);
}

function emptyAsAbsent(value: unknown): unknown {
  return isObject(value) && Object.keys(value).length === 0 ? undefined : unlessEmpty(value);
}
