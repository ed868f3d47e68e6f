import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { chooseToolchain, explainGoFailure, findGo } from "../../../engine/go";
import type { Version } from "../../../engine/versions";
import { temporaryFolder, writeScript } from "./fakes";

const settings = (values: Record<string, string>): string =>
  `cat <<'END'\n${JSON.stringify({ GOTOOLCHAIN: "auto", GOMODCACHE: "/m", GOCACHE: "/c", GOPROXY: "direct", ...values })}\nEND`;

function withGo(body: string): NodeJS.ProcessEnv {
  const bin = temporaryFolder();
  writeScript(join(bin, "go"), body);
  return { PATH: `${bin}:/usr/bin:/bin` };
}

const needed: Version = [1, 25, 11];

describe("finding a Go", () => {
  it("takes one that suffices and keeps it from fetching another", async () => {
    const go = await findGo(
      needed,
      withGo(settings({ GOVERSION: "go1.26.8", GOPROXY: "https://user:secret@proxy.example,direct" })),
      [],
    );
    expect(go).toMatchObject({ version: "1.26.8", toolchain: "local", moduleCache: "/m", buildCache: "/c" });
    expect(go.proxy).toBe("https://proxy.example,direct");
  });

  it("looks in the usual folders too", async () => {
    const bin = temporaryFolder();
    writeScript(join(bin, "go"), settings({ GOVERSION: "go1.25.11" }));
    expect((await findGo(needed, { PATH: "/usr/bin:/bin" }, [bin])).file).toBe(join(bin, "go"));
  });

  it("says that Go is missing and which one to install", async () => {
    const failure = findGo(needed, { PATH: temporaryFolder() }, []);
    await expect(failure).rejects.toThrow("Go is missing");
    await expect(failure).rejects.toHaveProperty("remedy", "install Go 1.25.11 or newer (https://go.dev/doc/install)");
  });

  it("refuses one that is too old to fetch its successor", async () => {
    const environment = withGo(settings({ GOVERSION: "go1.19.8", GOTOOLCHAIN: "" }));
    await expect(findGo(needed, environment, [])).rejects.toThrow("is Go 1.19.8, the engine needs 1.25.11");
  });

  it("refuses one that does not work", async () => {
    await expect(findGo(needed, withGo("echo broken >&2; exit 2"), [])).rejects.toThrow(
      "does not tell its version: broken",
    );
  });
});

describe("the toolchain for the build", () => {
  it.each<[Version, string, string]>([
    [[1, 26, 8], "auto", "local"],
    [[1, 25, 11], "local", "local"],
    [[1, 26, 0], "go1.26.0+auto", "local"],
    [[1, 26, 0], "go1.26.0", "go1.26.0"],
    [[1, 26, 0], "", "local"],
    [[1, 22, 2], "auto", "auto"],
    [[1, 24, 0], "go1.24.0+auto", "go1.24.0+auto"],
  ])("Go %j with GOTOOLCHAIN=%s builds with %s", (version, configured, expected) => {
    expect(chooseToolchain("go", version, needed, configured)).toBe(expected);
  });

  it("is refused for an older Go whose user forbids another one, naming the setting", () => {
    expect(() => chooseToolchain("/usr/bin/go", [1, 24, 4], needed, "local")).toThrow(
      expect.objectContaining({
        message: "/usr/bin/go is Go 1.24.4, the engine needs 1.25.11",
        remedy: expect.stringContaining(`GOTOOLCHAIN=auto (it is "local")`),
      }),
    );
  });
});

describe("a failure of Go is explained", () => {
  it.each([
    [
      "closed network",
      `go: downloading x v1\ngo: x@v1: Get "https://proxy.example/x": dial tcp: lookup proxy.example: no such host`,
      "Go cannot fetch a module",
      `GOPROXY is "https://proxy.example"`,
    ],
    ["refusing proxy", `x@v1: reading https://proxy.example/x: 403 Forbidden`, "403 Forbidden", "GOPROXY"],
    ["no proxy allowed", "go: module lookup disabled by GOPROXY=off", "cannot fetch a module", "GOPROXY"],
    ["full disk", "write /tmp/go-build1/x.a: no space left on device", "the disk is full", "free some gigabytes"],
    ["changed module", "verifying x@v1: checksum mismatch", "differs from the one in go.sum", "go clean -modcache"],
    ["little memory", "x/y: compile: signal: killed", "for want of memory", "GOFLAGS=-p=1"],
    ["anything else", "main.go:3: undefined: x", "main.go:3: undefined: x", "install it by hand"],
  ])("%s", (_case, stderr, message, remedy) => {
    const error = explainGoFailure(
      "go build",
      stderr,
      { proxy: "https://proxy.example", version: "1.26.8" },
      "install it by hand",
    );
    expect(error.message).toContain(message);
    expect(error.remedy).toContain(remedy);
    expect(error.message).not.toContain("downloading");
  });
});
