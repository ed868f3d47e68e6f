import { describe, expect, it } from "vitest";
import { imageTag, proxyArguments } from "../../../sandbox/build/image";

describe("imageTag", () => {
  const spec = { name: "socat", args: { BASE: "base:1" } };

  it("names an image by its kind and the hash of what goes into it", async () => {
    expect(await imageTag(spec)).toMatch(/^clocker-sandbox\/socat:[0-9a-f]{12}$/);
    expect(await imageTag(spec)).toBe(await imageTag({ ...spec }));
  });

  it("changes with base, target, label and generated files, not with files of this machine", async () => {
    const file = { name: "ca.pem", content: Buffer.from("x"), executable: false };
    const tag = await imageTag(spec);
    expect(await imageTag({ ...spec, args: { BASE: "base:2" } })).not.toBe(tag);
    expect(await imageTag({ ...spec, target: "other" })).not.toBe(tag);
    expect(await imageTag({ ...spec, labels: { a: "b" } })).not.toBe(tag);
    expect(await imageTag({ ...spec, generated: [file] })).not.toBe(tag);
    expect(await imageTag({ ...spec, ambient: [file] })).toBe(tag);
  });
});

describe("proxyArguments", () => {
  it("hands proxies to builds in capitals, whichever way they are written", () => {
    expect(proxyArguments({ http_proxy: "http://a:1", HTTPS_PROXY: "http://b:2", PATH: "/bin" })).toEqual({
      HTTP_PROXY: "http://a:1",
      HTTPS_PROXY: "http://b:2",
    });
  });
});
