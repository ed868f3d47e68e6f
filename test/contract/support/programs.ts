import { ensureProgram } from "../../../sandbox/engine/packages";

/** Programs of Debian's packages that several tests use. */
const PROGRAMS = [
  ["etcd", "etcd-server"],
  ["etcdctl", "etcd-client"],
  ["named", "bind9"],
  ["dig", "bind9-dnsutils"],
  ["nsupdate", "bind9-dnsutils"],
] as const;

/** Installs what is missing before the tests, which run side by side: only one of them at a time could. */
export async function setup(): Promise<void> {
  for (const [program, debian] of PROGRAMS) {
    const problem = await ensureProgram(program, [debian], `install ${program} so that it is on PATH`, () => {}).then(
      () => undefined,
      (error: Error) => error.message,
    );
    // The tests that need it fail with what to do about it.
    if (problem !== undefined) console.warn(problem);
  }
}
