import { nearest } from "../../wording/suggest";
import { listOf } from "../scope";
import { bare, nearestType, TYPE_FORMS } from "../types";
import { type Node, show, textOf } from "../yaml/nodes";
import { knownType } from "./brooklyn-types";
import { Catalog } from "./catalog";
import { itemOf, nameInCatalog } from "./resolve";

interface Refusal {
  readonly code: string;
  /** What the type is, behind `service 'web' has`. */
  readonly reason: string;
  readonly remedy: string;
}

const FILE = "write it as an item of a catalog file, and name the file under clocker:catalog of the stack";
const JAVA_CLASS = /^(?:java:)?(?:[a-z_]\w*\.)+[A-Z][\w$]*$/;

/** Forms of types that mean something to Brooklyn and nothing here. */
const REFUSED: readonly { readonly pattern: RegExp; readonly what: string; readonly remedy?: string }[] = [
  {
    pattern: /^classpath:/i,
    what: "a plan on the class path of a Java program, and there is none here",
    remedy: FILE,
  },
  { pattern: /^https?:/i, what: "a plan at an address, and nothing is fetched", remedy: `download the plan, ${FILE}` },
  { pattern: /^chef:/i, what: "a Chef cookbook, and Chef does not run here" },
  {
    pattern: /^(?:fabric|dynamic-?fabric)$/i,
    what: "a cluster in each of several locations, which are made while it runs",
    remedy: "list a service for each location under services, each with its location",
  },
  { pattern: /^java-?app$/i, what: "a Java program on a machine, and nothing installs Java here" },
  {
    pattern: /^(?:web-?app-?cluster|controlled-dynamic-web-app-cluster|(?:.*\.)?(?:Controlled)?DynamicWebAppCluster)$/i,
    what: "a cluster that grows while it runs, with a load balancer in front",
    remedy:
      "write a DynamicCluster with the same memberSpec, and an HAProxyController beside it whose proxy.targets and docker.container.links name its members",
  },
  {
    pattern: /^brooklyn-?node$/i,
    what: "a Brooklyn server, and this program is in its place",
    remedy: "remove the service",
  },
  { pattern: JAVA_CLASS, what: "a Java class, and no Java runs here" },
];

/** Why a service cannot have the type; undefined if what uses it has told already. */
export function refusalOf(node: Node, catalog: Catalog = new Catalog()): Refusal | undefined {
  const written = node.secret ? undefined : textOf(node);
  const usable = `use ${[TYPE_FORMS, ...catalog.ids].join(" or ")}`;
  if (written === undefined) return { code: "unknown-type", reason: `the unknown type ${show(node)}`, remedy: usable };
  if (itemOf(written, catalog) !== undefined) return undefined;
  const type = bare(written);
  const similar = nearest(nameInCatalog(type), catalog.ids) ?? nearestType(type);
  const meant = similar === undefined ? usable : `did you mean '${similar}'? ${usable}`;
  const refused = knownType(type) ?? REFUSED.find(({ pattern }) => pattern.test(type));
  if (refused !== undefined) {
    const { what, remedy = meant } = refused;
    return { code: "unsupported-type", reason: `the type ${show(node)}: ${what}`, remedy };
  }
  const [, id = "", version = ""] = /^(.*):([^:]*)$/s.exec(nameInCatalog(type)) ?? [];
  const versions = catalog.versionsOf(id);
  if (versions.length > 0) {
    return {
      code: "unknown-version",
      reason: `the type ${show(node)}, and the catalog has no version '${version}' of it`,
      remedy: `there ${versions.length === 1 ? "is" : "are"} ${listOf(versions)}; without a version it is '${versions[0]}'`,
    };
  }
  if (!type.startsWith("catalog:"))
    return { code: "unknown-type", reason: `the unknown type ${show(node)}`, remedy: meant };
  const ids = catalog.ids.length === 0 ? "" : `the catalog has ${listOf(catalog.ids)}; `;
  return {
    code: "unknown-type",
    reason: `the type ${show(node)}, and no catalog has it`,
    remedy: `${similar === undefined ? "" : `did you mean '${similar}'? `}${ids}name its file under clocker:catalog of the stack`,
  };
}
