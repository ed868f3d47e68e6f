import { describe, expect, it } from "vitest";
import type { Framework } from "../../../providers/mesos/api";
import { MesosError } from "../../../providers/mesos/error";
import { addressOf, chooseFramework } from "../../../providers/mesos/framework";

const framework = (id: string, name: string, more: Partial<Framework> = {}): Framework => ({
  id,
  name,
  active: true,
  webui_url: `http://${name}.example.com:8080`,
  ...more,
});

const MARATHON = framework("f-0000", "marathon");
const USER = framework("f-0001", "marathon-user");
const CHRONOS = framework("f-0002", "chronos");

function failureOf(run: () => unknown): MesosError {
  try {
    run();
  } catch (error) {
    if (error instanceof MesosError) return error;
    throw error;
  }
  throw new Error("it passed");
}

describe("the framework that is Marathon", () => {
  it.each([
    ["the one of that name", [CHRONOS, MARATHON, USER], "marathon", MARATHON],
    ["the one of that id", [CHRONOS, MARATHON, USER], "f-0001", USER],
    [
      "the active one, where a former one of that name is still registered",
      [framework("f-0", "marathon", { active: false }), MARATHON],
      "marathon",
      MARATHON,
    ],
    [
      "the one of that id among several of one name",
      [MARATHON, framework("f-9", "marathon")],
      "f-9",
      framework("f-9", "marathon"),
    ],
  ])("is %s", (_what, frameworks, wanted, expected) => {
    expect(chooseFramework(frameworks, wanted)).toEqual(expected);
  });

  it.each([
    [
      "unknown, with the active ones listed",
      [CHRONOS, MARATHON, framework("f-3", "ended", { active: false })],
      "aurora",
      "unknown-mesos-framework",
      "Mesos has no active framework 'aurora'; active are: chronos, marathon",
    ],
    [
      "unknown, with the nearest suggested",
      [CHRONOS, MARATHON],
      "maraton",
      "unknown-mesos-framework",
      "Mesos has no active framework 'maraton' (did you mean 'marathon'?); active are: chronos, marathon",
    ],
    ["unknown in an empty cluster", [], "marathon", "unknown-mesos-framework", "active are: none"],
    [
      "not active",
      [CHRONOS, framework("f-0000", "marathon", { active: false })],
      "marathon",
      "inactive-mesos-framework",
      "framework 'marathon' is registered with Mesos, but not active at present",
    ],
    [
      "one of several, with the id of each",
      [
        MARATHON,
        framework("f-9", "marathon", { webui_url: "http://u:p@other:8080" }),
        framework("f-8", "marathon", { webui_url: "" }),
      ],
      "marathon",
      "several-mesos-frameworks",
      "Mesos has 3 active frameworks of the name 'marathon': f-0000 at marathon.example.com:8080, f-8, f-9 at other:8080",
    ],
  ])("is %s", (_what, frameworks, wanted, kind, problem) => {
    const failure = failureOf(() => chooseFramework(frameworks, wanted));
    expect(failure.kind).toBe(kind);
    expect(failure.problem).toContain(problem);
    expect(failure.setting).toBe("framework");
  });
});

describe("the address that a framework tells Mesos", () => {
  it.each([
    ["http://10.0.0.5:8080", "http://10.0.0.5:8080"],
    ["https://m.example.com:8443/", "https://m.example.com:8443"],
    ["https://dcos.example.com/service/marathon/", "https://dcos.example.com/service/marathon"],
    ["http://ops:hunter2@m.example.com/?a=b#c", "http://m.example.com"],
  ])("%s is the base URL %s", (said, expected) => {
    expect(addressOf({ ...MARATHON, webui_url: said })).toBe(expected);
  });

  it.each([
    ["", "tells Mesos no address of its API"],
    [undefined, "tells Mesos no address of its API"],
    ["m.example.com:8080", "tells Mesos 'm.example.com:8080', which is no http URL"],
    ["ftp://m.example.com", "tells Mesos 'ftp://m.example.com', which is no http URL"],
  ])("%s is none that can be used", (said, problem) => {
    const failure = failureOf(() => addressOf({ ...MARATHON, webui_url: said }));
    expect(failure.kind).toBe("framework-without-url");
    expect(failure.message).toContain(problem);
    expect(failure.remedy).toContain("url of this location");
  });
});
