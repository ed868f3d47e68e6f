import { describe, expect, it } from "vitest";
import { parseBlueprint } from "../../../blueprint/parse";
import { type Case, diagnose } from "./diagnose";

const ID = `sha256:${"ab".repeat(32)}`;

function workload(keys: object, file = "shop/app.json", options = {}) {
  const text = JSON.stringify({ services: [{ type: "docker:web", id: "web", ...keys }] });
  const { blueprint, diagnostics } = parseBlueprint(text, file, options);
  expect(diagnostics).toEqual([]);
  return blueprint?.services[0]?.workload;
}

describe("an image that is built", () => {
  it("comes from files beside the blueprint, with Dockerfile and half an hour unless it says otherwise", () => {
    expect(workload({ dockerfileUrl: "web" })).toMatchObject({
      build: {
        dockerfile: { path: "shop/web" },
        dockerfileName: "Dockerfile",
        substitutions: {},
        args: {},
        labels: {},
        timeoutSeconds: 1800,
      },
    });
  });

  it("has all that its keys say", () => {
    const keys = {
      dockerfileUrl: "file:///srv/web/Dockerfile",
      "docker.context.url": "../web.tar.gz",
      "docker.entrypoint.url": "./run.sh",
      "docker.dockerfile.name": "./docker/Dockerfile",
      "docker.dockerfile.substitutions": { version: 8 },
      buildArgs: { MODE: "", LEVEL: 2 },
      buildLabels: { "com.example/team": "shop" },
      buildTarget: "release",
      buildTimeout: "5m",
    };
    expect(workload(keys)).toMatchObject({
      build: {
        dockerfile: { path: "/srv/web/Dockerfile" },
        context: "web.tar.gz",
        entrypoint: "shop/run.sh",
        dockerfileName: "docker/Dockerfile",
        substitutions: { version: "8" },
        args: { MODE: "", LEVEL: "2" },
        labels: { "com.example/team": "shop" },
        target: "release",
        timeoutSeconds: 300,
      },
    });
  });

  it.each([
    [{ dockerfileUrl: "web" }, { image: { repository: "my-web" }, build: { dockerfile: { path: "shop/web" } } }],
    [
      { dockerfileUrl: "web", imageName: "shop/web", imageTag: "2" },
      { image: { repository: "shop/web", tag: "2" }, build: { dockerfile: { path: "shop/web" } } },
    ],
    [{ imageId: ID }, { image: { repository: "my-web" }, imageId: ID }],
  ])("of a VanillaDockerApplication with %j has the service's name unless it has one", (keys, expected) => {
    expect(workload({ type: "VanillaDockerApplication", id: "my_web", ...keys })).toMatchObject(expected);
  });

  it("is told with what to do where the type is one of software", () => {
    const service = { type: "TomcatServer", id: "web", dockerfileUrl: "web", buildTarget: "a" };
    const { diagnostics } = parseBlueprint(JSON.stringify({ services: [service] }), "shop/app.json");
    expect(diagnostics.map(({ code, remedy }) => [code, remedy])).toEqual(
      Array(2).fill([
        "misplaced-key",
        "name an image that is built elsewhere by docker.image.name, or write a service of type docker:NAME, which builds it",
      ]),
    );
  });

  it("may be fetched by the host", () => {
    const url = "https://example.com/web.git#main:docker";
    expect(workload({ dockerfileUrl: url })).toMatchObject({ build: { dockerfile: { url } } });
  });

  it("is found from the project's folder where the stack's settings name it", () => {
    const overrides = { web: { dockerfileUrl: "images/web" } };
    expect(workload({}, "shop/app.json", { overrides })).toMatchObject({
      build: { dockerfile: { path: "images/web" } },
    });
  });
});

describe("an image's id", () => {
  it.each([ID, ID.slice("sha256:".length)])("is read: %s", (imageId) => {
    expect(workload({ imageId })).toMatchObject({ imageId: ID });
  });
});

describe("a build that cannot be", () => {
  it.each<Case>([
    [
      "without what is built",
      `services:
- type: docker:web
  id: web
  docker.dockerfile.name: a
  buildArgs: {A: b}
`,
      `app.yaml:4:3 error missing-key: docker.dockerfile.name of service 'web' is about the build of an image, and nothing says what is built
  write dockerfileUrl: with the path of a Dockerfile, a folder or an archive, or remove docker.dockerfile.name
app.yaml:5:3 error missing-key: buildArgs of service 'web' is about the build of an image, and nothing says what is built
  write dockerfileUrl: with the path of a Dockerfile, a folder or an archive, or remove buildArgs`,
    ],
    [
      "with places that are none",
      `services:
- type: docker:web
  id: web
  dockerfileUrl: classpath://Dockerfile
- type: docker:web
  id: other
  dockerfileUrl: .
  docker.context.url: http://example.com/a.tar
  docker.dockerfile.name: ../Dockerfile
  buildArgs: {"A B": c, D: [e]}
`,
      `app.yaml:4:18 error bad-path: dockerfileUrl of service 'web' needs a path of this machine, not 'classpath://Dockerfile'
  download it, and write the path of a Dockerfile, a folder or an archive, from the folder of the blueprint
app.yaml:8:23 error bad-path: docker.context.url of service 'other' needs a path of this machine, not 'http://example.com/a.tar'
  download it, and write the path of a Dockerfile, a folder or an archive, from the folder of the blueprint
app.yaml:9:27 error bad-path: docker.dockerfile.name of service 'other' needs a path in the context, not '../Dockerfile'
  write the Dockerfile's path in the context, e.g. docker/Dockerfile
app.yaml:10:15 error bad-value: buildArgs of service 'other' has the name 'A B', which cannot be one
  use letters, digits, dots, hyphens and underscores
app.yaml:10:28 error bad-type: buildArgs.D of service 'other' needs a text, not a list
  write a map of name to text`,
    ],
    [
      "with files for what the host fetches itself, or beside an id",
      `services:
- type: docker:web
  id: web
  dockerfileUrl: http://example.com/Dockerfile
  docker.entrypoint.url: run.sh
  imageId: ${ID}
- type: docker:web
  id: other
  imageId: 0123abcd
`,
      `app.yaml:5:3 error conflicting-keys: docker.entrypoint.url of service 'web' does not go with a Dockerfile that the host fetches itself
  download the Dockerfile and give its path, or remove the key
app.yaml:6:3 error conflicting-keys: imageId of service 'web' names an image, and dockerfileUrl says that one is built
  keep one of the two
app.yaml:9:12 error bad-image: imageId of service 'other' needs the whole id of an image, not '0123abcd'
  write sha256: and the 64 hexadecimal digits that \`docker image inspect --format '{{.Id}}' NAME\` prints`,
    ],
  ])("%s is told", (_what, text, expected) => {
    expect(diagnose(text)).toBe(expected);
  });

  it("is told of secret arguments, which would stay in the image, without their values", () => {
    const text = "services:\n- type: docker:web\n  id: web\n  dockerfileUrl: .\n";
    const overrides = { web: { buildArgs: { TOKEN: "open-sesame" } } };
    const { diagnostics } = parseBlueprint(text, "app.yaml", { overrides, overridesSecret: true });
    expect(diagnostics.map(({ code }) => code)).toEqual(["secret-in-image"]);
    expect(JSON.stringify(diagnostics)).not.toContain("open-sesame");
  });
});
