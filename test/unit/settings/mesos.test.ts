import { describe, expect, it } from "vitest";
import { parseSettings } from "../../../settings/load";
import { rawSettings } from "./example";

const MASTERS = ["http://master-1.example.com:5050", "https://proxy.example.com/mesos"];

const parsed = (tasks: unknown, encrypted = true) =>
  parseSettings(rawSettings({ locations: { tasks }, ...(!encrypted && { encryptedKeys: new Set() }) }));

/** The diagnostics as `code: message; remedy` lines. */
const problems = (...args: Parameters<typeof parsed>) =>
  parsed(...args).diagnostics.map(({ code, message, remedy }) => `${code}: ${message}; ${remedy}`);

const basic = (password: unknown) => ({ type: "basic", username: "ops", password });

describe("a location that is right", () => {
  it.each([
    ["Marathon by one URL", { type: "marathon", url: "https://m.example.com:8443" }],
    ["Marathon by several", { type: "marathon", url: ["http://m1:8080", "http://m2:8080"] }],
    ["Mesos by its masters", { type: "mesos", masters: MASTERS }],
    ["a framework by name", { type: "mesos", masters: MASTERS, framework: "marathon-user" }],
    ["credentials for both", { type: "mesos", masters: MASTERS, auth: basic("a"), masterAuth: basic("b") }],
    ["masters and Marathon's address", { type: "mesos", masters: MASTERS, url: "http://m1:8080" }],
    ["Marathon's address alone", { type: "mesos", url: ["http://m1:8080"] }],
  ])("is %s", (_what, location) => {
    const { settings, diagnostics } = parsed(location);
    expect(diagnostics).toEqual([]);
    expect(settings?.locations["tasks"]).toEqual({
      ...location,
      containerizer: "docker",
      group: "/clocker",
      adopt: false,
      locks: "wait",
    });
  });
});

describe("a location that is wrong", () => {
  const known = "adopt, agents, auth, ca, containerizer, group, healthSources, locks, network, sources, type, url";

  it.each([
    [
      "neither masters nor url",
      { type: "mesos" },
      "missing-setting: clocker:locations.tasks.masters is missing, and there is no url that says where Marathon is; set it to a list of the Mesos masters' URLs: pulumi config set --path 'clocker:locations.tasks.masters[0]'; or set url",
    ],
    [
      "masters that are one text",
      { type: "mesos", masters: "http://master-1:5050" },
      "invalid-setting: clocker:locations.tasks.masters is a text; it must be a list",
    ],
    [
      "an empty list of masters",
      { type: "mesos", masters: [] },
      "invalid-setting: clocker:locations.tasks.masters is an empty list; it must be a list of at least 1 entry",
    ],
    [
      "a master by its ZooKeeper",
      { type: "mesos", masters: ["zk://zk-1:2181/mesos"] },
      "invalid-setting: clocker:locations.tasks.masters[0] is 'zk://zk-1:2181/mesos'; it must be a URL that begins with http:// or https://",
    ],
    [
      "credentials in a master's URL",
      { type: "mesos", masters: [MASTERS[0], "http://ops:hunter2@master-2:5050"] },
      "invalid-setting: clocker:locations.tasks.masters[1] is 'http://…@master-2:5050'; it must be a URL without user, password, ? and #",
    ],
    [
      "something asked of masters where there are none",
      { type: "mesos", url: "http://m1:8080", framework: "marathon", masterAuth: basic("b") },
      "unused-setting: clocker:locations.tasks has framework, masterAuth, but no masters that would be asked; set masters: pulumi config set --path 'clocker:locations.tasks.masters[0]'; or remove framework, masterAuth",
    ],
    [
      "an empty list of URLs",
      { type: "marathon", url: [] },
      "invalid-setting: clocker:locations.tasks.url is an empty list; it must be a list of at least 1 entry",
    ],
    [
      "a wrong URL among several",
      { type: "marathon", url: ["http://m1:8080", "m2:8080"] },
      "invalid-setting: clocker:locations.tasks.url[1] is 'm2:8080'; it must be a URL that begins with http:// or https://",
    ],
    [
      "a URL that is none at all",
      { type: "marathon", url: 8080 },
      "invalid-setting: clocker:locations.tasks.url is 8080; it must be a URL that begins with http:// or https://, or a list of such URLs",
    ],
    [
      "masters of a location of type marathon",
      { type: "marathon", url: "http://m1:8080", masters: MASTERS },
      `unknown-setting: unknown setting clocker:locations.tasks.masters; known here: ${known}; remove it: pulumi config rm --path 'clocker:locations.tasks.masters'`,
    ],
  ])("is one with %s", (_what, location, expected) => {
    expect(problems(location)).toEqual([expected]);
  });

  it.each([
    ["password", basic("hunter2")],
    ["token", { type: "token", token: "hunter2" }],
  ])("is one with the %s for the masters in clear text", (field, masterAuth) => {
    const path = `clocker:locations.tasks.masterAuth.${field}`;
    expect(problems({ type: "mesos", masters: MASTERS, masterAuth }, false)).toEqual([
      `clear-text-credential: ${path} is a credential in clear text; encrypt it: pulumi config set --secret --path '${path}'`,
    ]);
  });
});
