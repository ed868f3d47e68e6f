import { listNames } from "../../wording/names";
import { didYouMean } from "../../wording/suggest";
import type { Framework } from "./api";
import { MesosError } from "./error";

/**
 * The active framework of this name or id; those that ended are in no list of the master.
 * @throws MesosError if there is none, or several of that name.
 */
export function chooseFramework(frameworks: readonly Framework[], wanted: string): Framework {
  const fits = ({ id, name }: Framework) => id === wanted || name === wanted;
  const [found, ...others] = frameworks.filter((framework) => framework.active && fits(framework));
  if (found === undefined) throw absent(frameworks, wanted, frameworks.find(fits));
  if (others.length > 0) {
    throw new MesosError({
      kind: "several-mesos-frameworks",
      problem: `Mesos has ${others.length + 1} active frameworks of the name '${wanted}': ${listNames([found, ...others].map(describe))}`,
      remedy: "write the id of the right one as framework",
      setting: "framework",
    });
  }
  return found;
}

/**
 * Where the framework says that it answers, without user and password.
 * @throws MesosError if it says nothing that can be used.
 */
export function addressOf({ id, name, webui_url: said = "" }: Framework): string {
  if (said === "" || !URL.canParse(said) || !/^https?:\/\//.test(said)) {
    throw new MesosError({
      kind: "framework-without-url",
      problem: `framework '${name}' (${id}) ${said === "" ? "tells Mesos no address of its API" : `tells Mesos '${said}', which is no http URL`}`,
      remedy: "write Marathon's address as url of this location, or start Marathon with --webui_url",
      setting: "url",
    });
  }
  const { origin, pathname } = new URL(said);
  return `${origin}${pathname}`.replace(/\/+$/, "");
}

/** May pass: after a change of leaders, of Mesos or of Marathon, frameworks register anew. */
function absent(frameworks: readonly Framework[], wanted: string, registered: Framework | undefined): MesosError {
  if (registered !== undefined) {
    return new MesosError({
      kind: "inactive-mesos-framework",
      problem: `framework '${wanted}' is registered with Mesos, but not active at present`,
      remedy: "see that Marathon runs and has a leader",
      setting: "framework",
      transient: true,
    });
  }
  const active = frameworks.filter((framework) => framework.active).map(({ name }) => name);
  return new MesosError({
    kind: "unknown-mesos-framework",
    problem: `Mesos has no active framework '${wanted}'${didYouMean(wanted, active)}; active are: ${listNames(new Set(active))}`,
    remedy: "write the name or the id of Marathon's as framework",
    setting: "framework",
    transient: true,
  });
}

function describe({ id, webui_url: url = "" }: Framework): string {
  return url === "" || !URL.canParse(url) ? id : `${id} at ${new URL(url).host}`;
}
