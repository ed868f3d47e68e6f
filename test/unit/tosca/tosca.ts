import { formatDiagnostic } from "../../../blueprint/diagnostics";
import { parseBlueprint } from "../../../blueprint/parse";

export const VERSION = "tosca_definitions_version: tosca_simple_yaml_1_3";

export function parseTosca(text: string, texts: Readonly<Record<string, string>> = {}) {
  return parseBlueprint(text, "template.yaml", {
    files: {
      read: (path) => {
        const found = texts[path];
        return found === undefined ? { problem: "there is no such file" } : { text: found };
      },
    },
  });
}

/** What is said of a template, a problem a line. */
export function told(text: string, texts: Readonly<Record<string, string>> = {}): string {
  return parseTosca(text, texts).diagnostics.map(formatDiagnostic).join("\n");
}

export const IMAGE = "artifacts: {image: {file: shop/web:1, type: tosca.artifacts.Deployment.Image.Container.Docker}}";

/** A template of one container with further keys, and further nodes and sections; the keys begin on line 7. */
export function oneNode(keys: string, nodes = "", more = ""): string {
  return `${VERSION}
topology_template:
  node_templates:
    web:
      type: tosca.nodes.Container.Application.Docker
      ${IMAGE}
      ${keys}
${nodes}
${more}`;
}
