import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import AdmZip from "adm-zip";
import { formatDiagnostic } from "../../../blueprint/diagnostics";
import { readBlueprint } from "../../../blueprint/read";

export const META = "TOSCA-Metadata/TOSCA.meta";

/** The file that names the template of an archive. */
export function meta(entry: string, ...more: readonly string[]): string {
  return [
    "TOSCA-Meta-File-Version: 1.1",
    "CSAR-Version: 1.1",
    "Created-By: Test",
    `Entry-Definitions: ${entry}`,
    ...more,
    "",
  ].join("\n");
}

/** The bytes of a zip archive of these files. */
export function zip(files: Readonly<Record<string, string | Buffer>>): Buffer {
  const archive = new AdmZip();
  for (const [name, content] of Object.entries(files)) archive.addFile(name, Buffer.from(content));
  return archive.toBuffer();
}

/** A folder of archives, which `remove` takes away. */
export class Archives {
  private readonly folder = mkdtempSync(path.join(tmpdir(), "clocker-csar-"));

  write(bytes: Buffer, name = "app.csar"): string {
    const file = path.join(this.folder, name);
    writeFileSync(file, bytes);
    return file;
  }

  read(bytes: Buffer, name?: string) {
    return readBlueprint(this.write(bytes, name));
  }

  /** What is said of an archive, a problem a line, without the folder's path. */
  async told(bytes: Buffer, name?: string): Promise<string> {
    const { diagnostics } = await this.read(bytes, name);
    return diagnostics.map(formatDiagnostic).join("\n").replaceAll(`${this.folder}/`, "");
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}
