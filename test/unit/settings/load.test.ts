import { describe, expect, it } from "vitest";
import { parseSettings } from "../../../settings/load";
import { dockerLocation, marathonLocation, openstackLocation, rawSettings } from "./example";

/** The diagnostics as `code: message; remedy` lines. */
function problems(raw: ReturnType<typeof rawSettings>): string[] {
  return parseSettings(raw).diagnostics.map(({ code, message, remedy }) => `${code}: ${message}; ${remedy}`);
}

const withLocation = (name: string, location: unknown, encrypted = true) =>
  rawSettings({
    locations: { [name]: location },
    ...(!encrypted && { encryptedKeys: new Set() }),
  });

describe("settings that are right", () => {
  it("come out with every default filled in", () => {
    const { settings, diagnostics } = parseSettings(rawSettings());
    expect(diagnostics).toEqual([]);
    expect(settings).toMatchObject({
      blueprint: "app.yaml",
      placement: {},
      overrides: {},
      inputs: {},
      secrets: {},
      network: { sources: [], portRange: { from: 20000, to: 29999 } },
    });
    expect(settings?.locations["tasks"]).toMatchObject({ group: "/clocker", adopt: false });
    expect(settings?.locations["machines"]).toMatchObject({ region: "RegionOne", loginUser: "debian" });
  });

  it("may hold numbers and truth values as text, as pulumi config set and encrypted values give them", () => {
    const { settings, diagnostics } = parseSettings(
      rawSettings({
        locations: { tasks: marathonLocation({ adopt: "true" }) },
        network: { portRange: { from: "30000", to: "31000" } },
      }),
    );
    expect(diagnostics).toEqual([]);
    expect(settings?.network.portRange).toEqual({ from: 30000, to: 31000 });
    expect(settings?.locations["tasks"]).toMatchObject({ adopt: true });
  });

  it("leave values that are text in the schema as text", () => {
    const { settings } = parseSettings(rawSettings({ overrides: { redis: { "install.version": "3" } } }));
    expect(settings?.overrides).toEqual({ redis: { "install.version": "3" } });
  });

  it("say which keys hold something encrypted", () => {
    expect([...parseSettings(rawSettings()).encryptedKeys]).toEqual(["clocker:locations", "clocker:secrets"]);
  });
});

describe("settings that are wrong", () => {
  it("are all reported at once, and no settings come out", () => {
    const parsed = parseSettings(
      rawSettings({
        blueprint: "",
        placment: {},
        locations: { docks: dockerLocation({ hosts: {} }), cloud: { type: "aws" } },
        network: { sources: ["everybody"] },
      }),
    );
    expect(parsed.settings).toBeUndefined();
    expect(parsed.diagnostics.map(({ at }) => at.path).sort()).toEqual([
      "clocker:blueprint",
      "clocker:locations.cloud.type",
      "clocker:locations.docks.hosts",
      "clocker:network.sources[0]",
      "clocker:placment",
    ]);
    expect(new Set(parsed.diagnostics.map(({ at }) => at.file))).toEqual(new Set(["stack configuration"]));
  });

  it.each([
    [
      "a missing value",
      withLocation("tasks", { type: "marathon" }),
      "missing-setting: clocker:locations.tasks.url is missing; set it to a URL that begins with http:// or https://, or a list of such URLs: pulumi config set --path 'clocker:locations.tasks.url'",
    ],
    [
      "an unknown kind of location",
      withLocation("cloud", { type: "aws" }),
      "invalid-setting: clocker:locations.cloud.type is 'aws'; it must be one of docker, marathon, mesos, openstack",
    ],
    [
      "an address that is none",
      withLocation("docks", dockerLocation({ hosts: { h1: { url: "ssh://a", address: "not an address" } } })),
      "invalid-setting: clocker:locations.docks.hosts.h1.address is 'not an address'; it must be an IP address or a host name",
    ],
    [
      "a location without hosts",
      withLocation("docks", dockerLocation({ hosts: {} })),
      "invalid-setting: clocker:locations.docks.hosts is an empty map; it must be a map of at least one host",
    ],
    [
      "a host name with capitals",
      withLocation("docks", dockerLocation({ hosts: { H1: { url: "ssh://a", address: "192.0.2.1" } } })),
      "invalid-setting: 'H1' in clocker:locations.docks.hosts is not a host name of lower-case letters, digits and hyphens; rename it",
    ],
    [
      "a location name that clocker:placement could not write",
      withLocation("a/b", dockerLocation()),
      `invalid-setting: 'a/b' in clocker:locations is not a location name without spaces and slashes; rename it`,
    ],
    [
      "a number where a text belongs",
      withLocation("machines", openstackLocation({ projectName: 12 })),
      "invalid-setting: clocker:locations.machines.projectName is 12; it must be a text; put it in quotes",
    ],
    [
      "a text where a list belongs",
      rawSettings({ network: { sources: "0.0.0.0/0" } }),
      "invalid-setting: clocker:network.sources is a text; it must be a list",
    ],
    [
      "a list that is too short",
      withLocation("machines", openstackLocation({ sshSources: [] })),
      "invalid-setting: clocker:locations.machines.sshSources is an empty list; it must be a list of at least 1 entry",
    ],
    [
      "a port out of range",
      rawSettings({ network: { portRange: { from: 20000, to: 70000 } } }),
      "invalid-setting: clocker:network.portRange.to is 70000; it must be at most 65535",
    ],
    [
      "a port range that is too small",
      rawSettings({ network: { portRange: { from: 20000, to: 20050 } } }),
      "invalid-setting: clocker:network.portRange is a map; it must be a range of at least 100 ports, from below to",
    ],
    [
      "a misspelt key",
      withLocation("docks", dockerLocation({ registrys: [] })),
      "unknown-setting: unknown setting clocker:locations.docks.registrys (did you mean 'registries'?); known here: hosts, registries, sources, type; remove it: pulumi config rm --path 'clocker:locations.docks.registrys'",
    ],
    [
      "a misspelt key of the whole stack",
      rawSettings({ placments: {} }),
      "unknown-setting: unknown setting clocker:placments (did you mean 'placement'?); known here: blueprint, catalog, inputs, locations, network, overrides, placement, secrets; remove it: pulumi config rm --path 'clocker:placments'",
    ],
    [
      "a name with a dot in its path",
      withLocation("eu.west", marathonLocation({ group: "Clocker" })),
      `invalid-setting: clocker:locations["eu.west"].group is 'Clocker'; it must be a path such as /clocker, of lower-case letters, digits, dots and hyphens`,
    ],
    [
      "TLS material beside a URL that does not use it",
      withLocation(
        "docks",
        dockerLocation({
          hosts: { h1: { url: "ssh://a", address: "192.0.2.1", tls: { ca: "ca", cert: "cert", key: "key" } } },
        }),
      ),
      "tls-without-tcp: clocker:locations.docks.hosts.h1.tls is given, but 'ssh://' does not use it; remove tls, or use a tcp:// URL",
    ],
  ])("get one clear message: %s", (_, raw, message) => {
    expect(problems(raw)).toEqual([message]);
  });

  it("are a missing location map when nothing is configured", () => {
    expect(problems({ encryptedKeys: new Set() })).toEqual([
      "missing-setting: clocker:blueprint is missing; set it to a text: pulumi config set --path 'clocker:blueprint'",
      "missing-setting: clocker:locations is missing; set it to a map: pulumi config set --path 'clocker:locations'",
    ]);
  });

  it("warn about a Docker Engine on TCP without TLS, and still come out", () => {
    const { settings, diagnostics } = parseSettings(
      withLocation("docks", dockerLocation({ hosts: { h1: { url: "tcp://192.0.2.1:2375", address: "192.0.2.1" } } })),
    );
    expect(settings).toBeDefined();
    expect(diagnostics).toEqual([
      {
        severity: "warning",
        code: "docker-without-tls",
        message:
          "clocker:locations.docks.hosts.h1 reaches its Docker Engine over TCP without TLS: whoever reaches that port is root on the host",
        remedy: "give it tls.ca, tls.cert and tls.key, or use ssh://",
        at: { file: "stack configuration", path: "clocker:locations.docks.hosts.h1.url" },
      },
    ]);
  });
});

describe("the credentials of OpenStack", () => {
  const { password, userName, projectName, ...bare } = openstackLocation();
  it.each([
    [{ ...bare }, "lacks userName, password, projectName"],
    [{ ...bare, userName, projectName }, "lacks password"],
    [{ ...bare, applicationCredentialId: "id" }, "lacks applicationCredentialSecret"],
    [
      { ...openstackLocation(), applicationCredentialId: "id", applicationCredentialSecret: "s" },
      "has both userName, password, projectName and applicationCredentialId, applicationCredentialSecret",
    ],
  ])("have to be whole: %#", (location, message) => {
    const { settings, diagnostics } = parseSettings(withLocation("machines", location));
    expect(settings).toBeUndefined();
    expect(diagnostics.map((diagnostic) => diagnostic.message)).toEqual([`clocker:locations.machines ${message}`]);
  });

  it.each([[openstackLocation()], [{ ...bare, applicationCredentialId: "id", applicationCredentialSecret: "s" }]])(
    "are a user in a project or an application credential: %#",
    (location) => {
      expect(problems(withLocation("machines", location))).toEqual([]);
    },
  );
});

describe("credentials in clear text", () => {
  const clearText = {
    locations: {
      docks: dockerLocation({
        hosts: {
          h1: { url: "tcp://192.0.2.1:2376", address: "192.0.2.1", tls: { ca: "c", cert: "c", key: "LEAK-key" } },
        },
        registries: [{ address: "registry.example.com", username: "u", password: "LEAK-registry" }],
      }),
      tasks: marathonLocation({
        auth: { type: "basic", username: "u", password: "LEAK-basic" },
        agents: {
          a1: { url: "tcp://192.0.2.2:2376", address: "192.0.2.2", tls: { ca: "c", cert: "c", key: "LEAK-agent" } },
        },
      }),
      others: marathonLocation({ auth: { type: "token", token: "LEAK-token" } }),
      machines: openstackLocation({ password: "LEAK-password" }),
      more: {
        ...openstackLocation({ password: undefined, userName: undefined, projectName: undefined }),
        applicationCredentialId: "id",
        applicationCredentialSecret: "LEAK-application",
      },
    },
    secrets: { database: { password: "LEAK-secret" } },
  };

  it("are refused, each with the command that encrypts it", () => {
    const raw = rawSettings({ ...clearText, encryptedKeys: new Set() });
    const found = parseSettings(raw).diagnostics.filter(({ code }) => code === "clear-text-credential");
    expect(found.map(({ remedy }) => remedy).sort()).toEqual(
      [
        "docks.hosts.h1.tls.key",
        "docks.registries[0].password",
        "machines.password",
        "more.applicationCredentialSecret",
        "others.auth.token",
        "tasks.agents.a1.tls.key",
        "tasks.auth.password",
      ]
        .map((path) => `clocker:locations.${path}`)
        .concat("clocker:secrets.database.password")
        .map((path) => `encrypt it: pulumi config set --secret --path '${path}'`),
    );
    expect(parseSettings(raw).settings).toBeUndefined();
  });

  it("pass where the key holds encrypted values", () => {
    expect(problems(rawSettings(clearText))).toEqual([]);
  });

  it("are found beside other problems", () => {
    const raw = rawSettings({ locations: { docks: {} }, secrets: clearText.secrets, encryptedKeys: new Set() });
    expect(parseSettings(raw).diagnostics.map(({ code }) => code)).toEqual([
      "missing-setting",
      "clear-text-credential",
    ]);
  });

  it("never appear in a message, whatever is wrong around them", () => {
    const wrong = rawSettings({
      blueprint: { password: "LEAK" },
      locations: {
        a: "LEAK as text",
        b: { ...openstackLocation(), password: ["LEAK"] },
        c: marathonLocation({ url: "ftp://user:LEAK@example.com", auth: { type: "basic", pasword: "LEAK" } }),
        d: dockerLocation({ hosts: { h1: { url: "ssh://a", address: "192.0.2.1", tls: "LEAK" } } }),
        e: marathonLocation({ auth: "LEAK" }),
      },
      secrets: { a: "LEAK", b: { c: { d: "LEAK" } } },
      encryptedKeys: new Set(),
    });
    const { diagnostics } = parseSettings(wrong);
    expect(diagnostics.length).toBeGreaterThan(7);
    expect(JSON.stringify(diagnostics)).not.toContain("LEAK");
  });
});
