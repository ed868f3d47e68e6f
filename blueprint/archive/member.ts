import path from "node:path";

/** A file of an archive is written `app.csar!definitions/shop.yaml`: the archive's path, and the one inside. */
const MEMBER = /^(.*?\.(?:csar|zip))!(.*)$/is;
const ARCHIVE = /\.(csar|zip)$/i;

export interface Member {
  /** Path of the archive. */
  readonly archive: string;
  /** Path inside, as it is written. */
  readonly name: string;
}

/** Whether a file is an archive, by its name. */
export function isArchiveName(file: string): boolean {
  return ARCHIVE.test(file);
}

/** The parts of the path of a file in an archive; undefined for other paths. */
export function memberOf(file: string): Member | undefined {
  const [, archive, name] = MEMBER.exec(file) ?? [];
  return archive === undefined || name === undefined ? undefined : { archive, name };
}

export function memberPath({ archive, name }: Member): string {
  return `${archive}!${name}`;
}

/** The path of a file that another one names, from where that one lies: on the disk, or in the same archive. */
export function beside(file: string, name: string): string {
  const member = memberOf(file);
  if (member === undefined) return path.normalize(path.isAbsolute(name) ? name : path.join(path.dirname(file), name));
  const inside = path.posix.isAbsolute(name) ? name : path.posix.join(path.posix.dirname(member.name), name);
  return memberPath({ ...member, name: path.posix.normalize(inside) });
}

/** One spelling for each file. */
export function normalize(file: string): string {
  return beside(file, path.basename(memberOf(file)?.name ?? file));
}

/** What a file is called without folder and extension; a file of an archive is called as that. */
export function stemOfFile(file: string): string {
  const whole = memberOf(file)?.archive ?? file;
  return whole.replace(/^.*[/\\]/, "").replace(/\.[^.]*$/, "");
}
