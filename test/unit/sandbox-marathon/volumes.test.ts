import { describe, expect, it } from "vitest";
import { isUri } from "../../../sandbox/marathon/validation/uri";
import { create, type Details, expectNotValid } from "./refusals";

const V = "/container/volumes(0)";
const LABEL = "must match regular expression '^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$'";
const app = (type: string, ...volumes: object[]) => ({
  id: "/a",
  cmd: "sleep 1",
  container: { type, volumes, ...(type === "DOCKER" ? { docker: { image: "nginx" } } : {}) },
});

describe("persistent volumes", () => {
  const persistent = (info: object, rest: object = {}) => ({
    containerPath: "p",
    mode: "RW",
    persistent: { size: 1, ...info },
    ...rest,
  });

  it.each<[string, object, Details]>([
    [
      "lie at a name, not at a path",
      persistent({}, { containerPath: "a/b" }),
      {
        [`${V}/containerPath`]: ['value must not contain "/"'],
      },
    ],
    [
      "do not lie in the sandbox itself",
      persistent({}, { containerPath: ".." }),
      {
        [`${V}/containerPath`]: ["can not be one of (.,..)"],
      },
    ],
    ["are written to", persistent({}, { mode: "RO" }), { [`${V}/mode`]: ["does not equal RW"] }],
    ["have a size", persistent({ size: 0 }), { [`${V}/persistent/size`]: ["got 0, expected more than 0"] }],
    [
      "have a largest size only where they are mounted",
      persistent({ maxSize: 5 }),
      {
        [`${V}/persistent`]: ["Only mount volumes can have maxSize"],
      },
    ],
    [
      "have a largest size above the least",
      persistent({ type: "mount", maxSize: 1 }),
      {
        [`${V}/persistent`]: ["Max size must be larger than size"],
      },
    ],
    [
      "have constraints only beside the root disk",
      persistent({ constraints: [["path", "LIKE", "a"]] }),
      {
        [`${V}/persistent`]: ["Constraints on root volumes are not supported"],
      },
    ],
    [
      "have constraints on the path alone",
      persistent({
        type: "path",
        constraints: [[], ["path", "LIKE"], ["path", "FOO", "x"], ["path", "UNIQUE", "x"], ["path", "LIKE", "("]],
      }),
      {
        [`${V}/persistent/constraints`]: [
          "Missing field and operator",
          "Unsupported constraint path,LIKE",
          "unknown constraint operator FOO",
          "Operator must be one of LIKE, UNLIKE",
          "Invalid regular expression",
        ],
      },
    ],
  ])("%s", (_, volume, details) => expectNotValid(() => create(app("MESOS", volume)), details));

  it("are shown with all that was said of them", () => {
    const info = { type: "mount", size: 1, maxSize: 2, constraints: [["path", "LIKE", "a"]] };
    expect(create(app("MESOS", persistent(info))).container?.volumes).toEqual([persistent(info)]);
  });
});

describe("external volumes", () => {
  const external = (info: object, rest: object = {}) => ({
    containerPath: "e",
    mode: "RW",
    external: { name: "n", provider: "dvdi", options: { "dvdi/driver": "rexray" }, ...info },
    ...rest,
  });
  const TWICE = "must be undefined for Docker containers";

  it.each<[string, string, object, Details]>([
    ["have a name", "MESOS", external({ name: null }), { [`${V}/external/name`]: ["not defined"] }],
    ["have a name in lower case", "MESOS", external({ name: "A_b" }), { [`${V}/external/name`]: [LABEL] }],
    ["have a provider", "MESOS", external({ provider: null }), { [`${V}/external/provider`]: ["not defined"] }],
    [
      "have a provider that is known",
      "MESOS",
      external({ provider: "acme" }),
      {
        [`${V}/external/provider`]: ["is unknown provider"],
      },
    ],
    [
      "name a driver",
      "MESOS",
      external({ options: {} }),
      {
        [`${V}/external/options("dvdi/driver")`]: ["not defined"],
      },
    ],
    [
      "have options in the space of a provider",
      "MESOS",
      external({ options: { "dvdi/driver": "d", Size: "1" } }),
      {
        [`${V}/external/options`]: [
          "must match regular expression " +
            "'^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?/[A-Za-z0-9](?:[-A-Za-z0-9\\._:]*[A-Za-z0-9])?$'",
        ],
      },
    ],
    [
      "are written to by the Mesos containerizer, which is said twice",
      "MESOS",
      external({}, { mode: "RO" }),
      {
        [`${V}/mode`]: ["does not equal RW", "does not equal RW"],
      },
    ],
    [
      "have no size with Docker, which is said twice",
      "DOCKER",
      external({ size: 1 }),
      {
        [`${V}/external/size`]: [TWICE, TWICE],
      },
    ],
    [
      "have no options but the driver with Docker, which is said twice",
      "DOCKER",
      external({ options: { "dvdi/driver": "d", "dvdi/x": "y" } }),
      {
        [`${V}/external/options`]: ["must only contain dvdi/driver", "must only contain dvdi/driver"],
      },
    ],
    [
      "of rexray have whole numbers of operations",
      "MESOS",
      external({ options: { "dvdi/driver": "rexray", "dvdi/iops": "0" } }),
      {
        [`${V}/external/options/"dvdi/iops"`]: ["Expected a valid, positive integer instead of 0"],
      },
    ],
  ])("%s", (_, type, volume, details) => expectNotValid(() => create(app(type, volume)), details));

  it("belong to one instance", () => {
    const error = "Number of instances is limited to 1 when declaring DVDI volumes in app [/a]";
    expectNotValid(() => create({ ...app("MESOS", external({})), instances: 2 }), { "/": [error] });
  });

  it("are not doubled by an upgrade", () => {
    const upgradeStrategy = { minimumHealthCapacity: 0, maximumOverCapacity: 1 };
    expectNotValid(() => create({ ...app("MESOS", external({})), upgradeStrategy }), {
      "/upgradeStrategy/maximumOverCapacity": ["got 1.0, expected 0.0"],
    });
  });

  it("have names of their own within an app", () => {
    expectNotValid(() => create(app("MESOS", external({}), external({}, { containerPath: "f" }))), {
      "/container/volumes": ["Volume names must be unique"],
      "/": ["Requested DVDI volume 'n' is declared more than once within app /a"],
    });
  });

  it("tell of their feature and of all else that is wrong", () => {
    expectNotValid(() => create(app("MESOS", external({ name: null })), []), {
      [`${V}/external/name`]: ["not defined"],
      [V]: ["Feature external_volumes is not enabled. Enable with --enable_features external_volumes)"],
    });
  });
});

describe("URIs", () => {
  it.each([
    "http://a/b.tgz",
    "https://user:word@host.name:8080/p/q;v=1?x=[1]#f",
    "file:///etc/passwd",
    "hdfs:/a",
    "mailto:a@b",
    "docker.tar.gz",
    "/a/b",
    "//host/a",
    "http://[::1]:80/a",
    "http://a/%20%C3%A9",
    "http://a/é",
    "s3://bucket_name/key",
    "",
    "?q",
  ])("%j is one", (text) => expect(isUri(text)).toBe(true));

  it.each([
    "http://a b",
    "a b",
    "http://a/%zz",
    "http://a/%2",
    "http:",
    "http://a/<b>",
    "a|b",
    "1a:b",
    ":a",
    "a\\b",
    "http://a/{x}",
    "a\tb",
    "http://",
  ])("%j is none", (text) => expect(isUri(text)).toBe(false));
});
