import AdmZip from "adm-zip";
import { ARCHIVE_LIMITS } from "../blueprint/archive/archive";
import { MAX_BYTES } from "../blueprint/files";

const HEAD = "tosca_definitions_version: tosca_simple_yaml_1_3\n";

/** Archives at and beyond the limits of what is read, with what is the matter with each. */
export const EXTREME_ARCHIVES: readonly (readonly [string, () => Buffer])[] = [
  ["64 MiB zipped", () => zip([["a.yaml", Buffer.alloc(2 ** 26)]])],
  ["16 MiB beside a template", () => zip([["a.yaml", HEAD], ...noise(15)])],
  ["more than 16 MiB", () => Buffer.alloc(ARCHIVE_LIMITS.bytes + 1, "PK")],
  ["1,000 deep paths", () => zip(numbers(999).map((n) => [`${"a/".repeat(120)}${n}.yaml`, ""]))],
  ["65,000 entries", () => zip(numbers(65_000).map((n) => [`${n}.yaml`, ""]))],
  ["imports of 8 MiB", () => importing(numbers(16).map((n) => [`${n}.yaml`, comment(MAX_BYTES)]))],
  ["500 imports", () => importing(numbers(500).map((n) => [`${n}.yaml`, `node_types: {a${n}: {}}\n`]))],
];

type File = readonly [name: string, content: string | Buffer];

function zip(files: readonly File[]): Buffer {
  const archive = new AdmZip(undefined, { noSort: true });
  for (const [name, content] of files) archive.addFile(name, Buffer.from(content));
  return archive.toBuffer();
}

function importing(files: readonly File[]): Buffer {
  const template = `${HEAD}imports: [${files.map(([name]) => name).join(", ")}]\ntopology_template: {}\n`;
  const meta = "TOSCA-Meta-File-Version: 1.1\nCSAR-Version: 1.1\nEntry-Definitions: app.yaml\n";
  return zip([["TOSCA-Metadata/TOSCA.meta", meta], ["app.yaml", template], ...files]);
}

function comment(bytes: number): string {
  return `a: 1\n#${"x".repeat(bytes - 7)}\n`;
}

/** Files of a megabyte each that cannot be packed smaller. */
function noise(count: number): readonly File[] {
  let state = 1;
  return numbers(count).map((n) => {
    const bytes = Buffer.alloc(2 ** 20);
    for (let at = 0; at < bytes.length; at += 4) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      bytes.writeUInt32LE(state, at);
    }
    return [`${n}.tar`, bytes];
  });
}

function numbers(count: number): readonly number[] {
  return [...Array(count).keys()];
}
