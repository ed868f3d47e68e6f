import { COMPOSE } from "./compose/front-end";
import type { Problems } from "./diagnostics";
import type { SourceFiles } from "./files";
import type { Inputs } from "./inputs";
import { fillParameters } from "./parameter-inputs";
import { TOSCA } from "./tosca/front-end";
import type { MapNode, Node } from "./yaml/nodes";

/** What a front end gets to know beside the document. */
export interface FrontEndContext {
  /** Path of the document, as the caller gave it. */
  readonly file: string;
  /** Other files that the document names. */
  readonly files: SourceFiles;
  readonly problems: Problems;
  /** What the document is given from outside. */
  readonly inputs: Inputs;
}

/**
 * A language that applications are written in. It is turned into the Brooklyn form, whose nodes keep their places in the original, so
 * that everything behind it is the same for all.
 */
export interface FrontEnd {
  /** For people, e.g. `Compose file`. */
  readonly name: string;
  /** Whether a document is written in it: by its keys, or by the file's name where they do not tell. */
  recognises(root: MapNode, file: string): boolean;
  /** The document in the Brooklyn form; undefined after naming why there is none. */
  translate(root: MapNode, context: FrontEndContext): Node | undefined;
}

/** The languages beside CAMP YAML, which is what a document is that none of them recognises. */
const FRONT_ENDS: readonly FrontEnd[] = [TOSCA, COMPOSE];

/** The front end of a document; undefined for CAMP YAML. */
export function frontEndOf(root: Node, file: string): FrontEnd | undefined {
  return root.kind === "map" ? FRONT_ENDS.find((one) => one.recognises(root, file)) : undefined;
}

/** A document in the Brooklyn form, whatever language it is written in. */
export function toBrooklyn(root: Node, context: FrontEndContext): Node | undefined {
  const frontEnd = frontEndOf(root, context.file);
  if (frontEnd === undefined || root.kind !== "map") return fillParameters(root, context);
  return frontEnd.translate(root, context);
}
