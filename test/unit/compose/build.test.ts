import { describe, expect, test } from "vitest";
import { parseCompose, told } from "./compose";

function workload(service: string) {
  const { blueprint, diagnostics } = parseCompose(`services:\n  web:\n    ${service.replaceAll("\n", "\n    ")}\n`);
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  const { type, workload } = blueprint?.services[0] ?? {};
  return { type, ...(workload?.kind === "image" && workload.build && { build: workload.build }) };
}

describe("build of a Compose file", () => {
  test("is a folder beside it, with the Dockerfile in it", () => {
    expect(workload("build: ./web")).toMatchObject({
      type: "docker:web",
      build: { dockerfile: { path: "web" }, dockerfileName: "Dockerfile" },
    });
  });

  test("has its parts under Clocker's keys", () => {
    const build = "build:\n  context: web\n  dockerfile: docker/D\n  args: [A=b, C]\n  target: t\n  labels: {x: y}";
    expect(workload(`image: shop/web:2\n${build}`)).toMatchObject({
      type: "docker:shop/web:2",
      build: {
        dockerfile: { path: "web" },
        dockerfileName: "docker/D",
        args: { A: "b" },
        target: "t",
        labels: { x: "y" },
      },
    });
  });

  test("may have its Dockerfile outside of the context", () => {
    const { build } = workload("build: {context: web, dockerfile: ../D}");
    expect(build).toMatchObject({ dockerfile: { path: "D" }, context: "web", dockerfileName: "Dockerfile" });
  });

  test("may be a repository that the host fetches", () => {
    const url = "https://example.com/web.git#main";
    expect(workload(`build: ${url}`).build).toMatchObject({ dockerfile: { url } });
  });

  test("gives way to an image whose pull_policy asks for the registry's", () => {
    expect(workload("build: web\nimage: shop/web\npull_policy: always")).toEqual({ type: "docker:shop/web" });
  });

  test.each([
    ["{context: ., secrets: [a]}", "'secrets' in build of service 'web' is not supported"],
    ["{context: ., dockerfile_inline: FROM a}", "'dockerfile_inline' in build of service 'web' is not supported"],
    ["{context: ., contxt: a}", "'contxt' in build of service 'web' is not supported"],
    ["{context: ., no_cache: true}", "'no_cache' in build of service 'web' has no effect"],
    ["[a]", "build of service 'web' needs a path or a map"],
  ])("%s is told", (build, expected) => {
    expect(told(`services: {web: {build: ${build}}}`)).toContain(expected);
  });
});
