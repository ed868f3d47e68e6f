import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatImage, parseImage } from "../../../blueprint/image";
import type { ImageReference } from "../../../blueprint/model";

const sha = `sha256:${"0123456789abcdef".repeat(4)}`;

describe("an image reference", () => {
  it.each<[string, ImageReference]>([
    ["redis", { repository: "redis", tag: "latest" }],
    ["redis:3", { repository: "redis", tag: "3" }],
    ["clockercentral/dnmonster:1.0", { repository: "clockercentral/dnmonster", tag: "1.0" }],
    ["localhost:5000/a/b:1", { registry: "localhost:5000", repository: "a/b", tag: "1" }],
    ["localhost/a", { registry: "localhost", repository: "a", tag: "latest" }],
    [
      "registry.example.com/team/app:2.1-rc.1",
      { registry: "registry.example.com", repository: "team/app", tag: "2.1-rc.1" },
    ],
    ["[2001:db8::1]:5000/app", { registry: "[2001:db8::1]:5000", repository: "app", tag: "latest" }],
    [`redis@${sha}`, { repository: "redis", digest: sha }],
    [`registry:5000/a/redis:3@${sha}`, { registry: "registry:5000", repository: "a/redis", tag: "3", digest: sha }],
    ["docker.io/library/redis:3", { repository: "library/redis", tag: "3" }],
  ])("%s is split as Docker does", (text, image) => {
    expect(parseImage(text)).toEqual({ image });
  });

  it.each([
    "",
    ":",
    "a:",
    "a@",
    "a@b@c",
    "/a",
    "a/",
    "a//b",
    "A",
    "a b",
    "-a",
    "a..b/c",
    "a___b",
    "a:b:c",
    "http://a/b",
    `a@${sha}0`,
  ])("'%s' is refused", (text) => expect(parseImage(text)).toHaveProperty("problem"));

  const component = fc.stringMatching(/^[a-z0-9]{1,8}((\.|_|__|-{1,3})[a-z0-9]{1,8}){0,2}$/);
  const image: fc.Arbitrary<ImageReference> = fc
    .record({
      registry: fc.option(
        fc.constantFrom("localhost", "localhost:5000", "registry.example.com", "r:65535", "198.18.0.1:5000"),
        { nil: undefined },
      ),
      repository: fc.array(component, { minLength: 1, maxLength: 4 }).map((parts) => parts.join("/")),
      tag: fc.option(fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,20}$/), { nil: undefined }),
      digest: fc.option(fc.stringMatching(/^sha256:[0-9a-f]{64}$/), { nil: undefined }),
    })
    .filter(({ registry, repository }) => registry !== undefined || !/^([^/]*\.[^/]*|localhost)\//.test(repository))
    .map(({ registry, repository, tag, digest }) => ({
      ...(registry === undefined ? {} : { registry }),
      repository,
      ...(tag !== undefined ? { tag } : digest === undefined ? { tag: "latest" } : {}),
      ...(digest === undefined ? {} : { digest }),
    }));

  it("comes back from its text unchanged", () => {
    fc.assert(
      fc.property(image, (given) => {
        expect(parseImage(formatImage(given))).toEqual({ image: given });
      }),
    );
  });

  it("is read from any text without an exception, and then its text is stable", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[a-zA-Z0-9:@/._-]{0,40}$/)), (text) => {
        const result = parseImage(text);
        if ("image" in result) expect(parseImage(formatImage(result.image))).toEqual(result);
      }),
    );
  });
});
