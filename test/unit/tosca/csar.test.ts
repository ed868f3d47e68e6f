import AdmZip from "adm-zip";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { ARCHIVE_LIMITS } from "../../../blueprint/archive/archive";
import { MAX_BYTES } from "../../../blueprint/files";
import { Archives, META, meta, zip } from "./archives";
import { oneNode, VERSION } from "./tosca";

const TEMPLATE = `${VERSION}
imports: [types/web.yaml]
topology_template: {node_templates: {web: {type: shop.Web}}}
`;
const TYPES = `${VERSION}
node_types:
  shop.Web:
    derived_from: tosca.nodes.Container.Application.Docker
    artifacts: {image: {file: shop/web:2, type: tosca.artifacts.Deployment.Image.Container.Docker}}
`;
const GOOD = {
  [META]: meta("definitions/shop.yaml"),
  "definitions/shop.yaml": TEMPLATE,
  "definitions/types/web.yaml": TYPES,
};

const archives = new Archives();
afterAll(() => archives.remove());
const told = (bytes: Buffer, name?: string) => archives.told(bytes, name);

/** The archive with the same change in each header of its directory; `write` gets the place of one and that of its file. */
function patched(bytes: Buffer, write: (bytes: Buffer, central: number, local: number) => void): Buffer {
  const copy = Buffer.from(bytes);
  const signature = Buffer.from("PK\x01\x02", "latin1");
  for (let at = copy.indexOf(signature); at !== -1; at = copy.indexOf(signature, at + 4)) {
    write(copy, at, copy.readUInt32LE(at + 42));
  }
  return copy;
}

describe("a CSAR", () => {
  test("is the template that TOSCA.meta names, with the files that it imports", async () => {
    const { blueprint, diagnostics } = await archives.read(zip(GOOD));
    expect(diagnostics).toEqual([]);
    expect(blueprint).toMatchObject({ id: "app", services: [{ id: "web", type: "docker:shop/web:2" }] });
  });

  test("without TOSCA.meta is the one template at its root", async () => {
    const { blueprint } = await archives.read(zip({ "shop.yaml": TEMPLATE, "types/web.yaml": TYPES }), "shop.zip");
    expect(blueprint).toMatchObject({ id: "shop", services: [{ id: "web" }] });
  });

  test("has its problems at their places in the files inside", async () => {
    const files = { ...GOOD, "definitions/types/web.yaml": TYPES.replace("shop/web:2", '"shop web"') };
    expect(await told(zip(files))).toContain("app.csar!definitions/types/web.yaml:5:31 error");
    const wrong = zip({ "shop.yaml": oneNode("propertys: {}") });
    expect(await told(wrong)).toContain("app.csar!shop.yaml:7:7 error unknown-key: node 'web' has the key 'propertys'");
  });

  test.each([
    ["Entry-Definition: definitions/shop.yaml", `2:1 warning unknown-key: the key 'Entry-Definition'`],
    ["Entry-Definition: definitions/shop.yaml", "did you mean 'Entry-Definitions'?"],
    ["Entry-Definitions: definitions/shop.yml", "did you mean 'definitions/shop.yaml'?"],
    ["Entry-Definitions: ../shop.yaml", "Entry-Definitions names '../shop.yaml', which the archive does not hold"],
    ["Entry-Definitions:", "2:1 error bad-archive: the archive does not say which file is its template"],
    ["Entry-Definitions: a.yaml\nEntry-Definitions: b.yaml", "3:1 error duplicate-key: the key 'Entry-Definitions'"],
    [
      "Entry-Definitions: definitions/shop.yaml\nCSAR-Version: 2.0",
      "3:1 error unsupported-version: the archive has CSAR-Version '2.0'",
    ],
    ["Entry-Definitions: definitions/shop.yaml\nOther-Definitions: gone.yaml", "Other-Definitions names 'gone.yaml'"],
    [
      'Entry-Definitions: definitions/shop.yaml\nOther-Definitions: "a b.yaml"\n c.yaml',
      "Other-Definitions names 'c.yaml'",
    ],
    ["Entry-Definitions: definitions/shop.yaml\nwhat", "3:1 error bad-archive: the line 'what' is none of TOSCA.meta"],
    ["Entry-Definitions: definitions/shop.yaml", "warning missing-key: the archive does not say its CSAR-Version"],
  ])("whose TOSCA.meta says %j is told %j", async (lines, message) => {
    const text = await told(zip({ ...GOOD, [META]: `TOSCA-Meta-File-Version: 1.1\n${lines}\n\nName: x\n` }));
    expect(text).toContain(message);
    expect(text).toContain(`app.csar!${META}:`);
  });

  test.each([
    ["no template at its root", zip({ "a/b.yaml": "" }), "at its root lies no YAML file"],
    ["two templates at its root", zip({ "a.yaml": "", "b.yml": "" }), "at its root lies 2 YAML files (a.yaml, b.yml)"],
    ["no zip file", Buffer.from(TEMPLATE), "its name is that of an archive, but it is no zip file"],
    ["nothing in it", Buffer.alloc(0), "it is no zip file"],
    ["its end cut off", zip(GOOD).subarray(0, 200), "it is no zip archive, or a damaged one"],
    ["too many bytes", Buffer.alloc(ARCHIVE_LIMITS.bytes + 1), `the archive has ${ARCHIVE_LIMITS.bytes + 1} bytes`],
    ["a path that has too many bytes", zip({ ["a/".repeat(200)]: "" }), "a path in it has 400 bytes"],
    ["a template that is no text", zip({ "a.yaml": Buffer.from([0xff]) }), "app.csar!a.yaml:1:1 error unreadable-file"],
  ])("with %s is told so", async (_, bytes, message) => {
    expect(await told(bytes)).toContain(message);
  });

  test("by another name is told what its name should be", async () => {
    expect(await told(zip(GOOD), "app.yaml")).toContain("if it is a TOSCA archive, let its name end in .csar");
  });

  test.each(["../evil.yaml", "/evil.yaml", "a/../../evil.yaml", "..\\evil.yaml", "c:/evil.yaml"])(
    "with the entry %s is refused",
    async (name) => {
      const plain = "x".repeat(name.length);
      const bytes = Buffer.from(
        zip({ ...GOOD, [plain]: "" })
          .toString("latin1")
          .replaceAll(plain, name),
        "latin1",
      );
      expect(await told(bytes)).toContain(`its entry '${name}' lies outside of it`);
    },
  );

  test.each(["../../secret.yaml", "/etc/passwd", "../../../../../etc/passwd"])(
    "that imports %s reaches nothing outside of itself",
    async (name) => {
      const template = TEMPLATE.replace("types/web.yaml", name);
      expect(await told(zip({ ...GOOD, "definitions/shop.yaml": template }))).toContain(
        `app.csar!definitions/shop.yaml:2:11 error bad-import: cannot import '${name}': it lies outside of the archive`,
      );
    },
  );

  test("with an image as a file in it is told where images belong", async () => {
    const files = {
      "images/web.tar": Buffer.alloc(600_000),
      "a.yaml": oneNode("").replace("shop/web:1", "images/web.tar"),
    };
    expect(await told(zip(files))).toContain(
      "app.csar!a.yaml:6:33 error unsupported-key: the file 'images/web.tar' as an image",
    );
  });

  test("with an encrypted entry is refused by its name", async () => {
    const bytes = patched(zip(GOOD), (copy, at, local) => {
      copy.writeUInt16LE(copy.readUInt16LE(at + 8) | 1, at + 8);
      copy.writeUInt16LE(copy.readUInt16LE(local + 6) | 1, local + 6);
    });
    expect(await told(bytes)).toMatch(/its entry '[^']+' is encrypted/);
  });

  test("with two entries of one name is refused", async () => {
    const bytes = zip({ ...GOOD, "aaaa.yaml": "a", "bbbb.yaml": "b" });
    const twice = Buffer.from(bytes.toString("latin1").replaceAll("bbbb.yaml", "aaaa.yaml"), "latin1");
    expect(await told(twice)).toContain('duplicate entry name "aaaa.yaml"');
  });

  test("whose content is not what its checksum says is told which file is damaged", async () => {
    const archive = new AdmZip();
    archive.addFile("shop.yaml", Buffer.from(TEMPLATE));
    for (const entry of archive.getEntries()) entry.header.method = 0;
    const bytes = Buffer.from(archive.toBuffer().toString("latin1").replace("shop.Web", "shop.Wab"), "latin1");
    expect(await told(bytes)).toContain(
      "app.csar!shop.yaml error unreadable-file: cannot read the blueprint: it is damaged",
    );
  });

  test("is not unpacked beyond its limits: entries, bytes of one, bytes of all, and bytes that it does not admit", async () => {
    const entries = Object.fromEntries([...Array(ARCHIVE_LIMITS.entries + 1).keys()].map((n) => [`${n}.txt`, ""]));
    expect(await told(zip(entries))).toContain(`it has ${ARCHIVE_LIMITS.entries + 1} entries`);
    const zeros = Buffer.alloc(20 * MAX_BYTES, "#");
    expect(await told(zip({ "a.yaml": zeros }))).toContain(`it has ${zeros.length} bytes, and ${MAX_BYTES} are`);
    const lying = patched(zip({ "a.yaml": zeros }), (copy, at) => copy.writeUInt32LE(10, at + 24));
    expect(await told(lying)).toContain(
      "app.csar!a.yaml error unreadable-file: cannot read the blueprint: it is damaged",
    );
    const many = [...Array(17).keys()].map((n) => [`${n}.yaml`, `#${"x".repeat(MAX_BYTES - 10)}\na: 1\n`] as const);
    const importing = `${VERSION}\nimports: [${many.map(([name]) => name).join(", ")}]\ntopology_template: {}\n`;
    expect(await told(zip({ ...Object.fromEntries(many), [META]: meta("t.yml"), "t.yml": importing }))).toContain(
      `more than ${ARCHIVE_LIMITS.unpacked} bytes are unpacked of the archive`,
    );
  });

  test("with any of its bytes changed gives a blueprint or a diagnostic, never an exception", async () => {
    const bytes = zip(GOOD);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 }),
        fc.nat(bytes.length),
        async (changes, length) => {
          const copy = Buffer.from(bytes).subarray(0, bytes.length - (length % 3 === 0 ? length : 0));
          for (const [at, value] of changes) if (at < copy.length) copy[at] = value;
          const { blueprint, diagnostics } = await archives.read(copy);
          expect(blueprint !== undefined || diagnostics.some(({ severity }) => severity === "error")).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
  });
});
