import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { formatDiagnostic, formatPosition, Problems } from "../../../blueprint/diagnostics";
import { formatImage } from "../../../blueprint/image";
import { parseBlueprint } from "../../../blueprint/parse";
import { readBlueprint } from "../../../blueprint/read";
import { tcp, udp } from "../../support/ports";
import { blueprintOf } from "./diagnose";

describe("parsing", () => {
  it("gives a blueprint or an error, never an exception, for any text", () => {
    const piece = fc.oneof(
      fc.string({ maxLength: 6 }),
      fc.constantFrom(
        "services:\n",
        "- type: docker:web\n",
        "  ",
        "links:",
        "env:\n",
        "A: ",
        "$brooklyn:",
        "component(",
        "[",
        "]",
      ),
      fc.constantFrom(
        "{",
        "}",
        ": ",
        "&a ",
        "*a",
        "<<: *a\n",
        "openPorts: 80\n",
        "? ",
        "!!str ",
        "---\n",
        "\t",
        "null",
        "|\n",
      ),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const { blueprint, diagnostics } = parseBlueprint(pieces.join(""), "app.yaml");
        expect(blueprint === undefined).toBe(diagnostics.some(({ severity }) => severity === "error"));
      }),
      { numRuns: 500 },
    );
  });

  it("gives a blueprint or an error, never an exception, for any value of any key", () => {
    const keys = ["type", "id", "openPorts", "portBindings", "env", "links", "location", "brooklyn.config", "memory"];
    const service = fc.dictionary(fc.constantFrom(...keys), fc.jsonValue());
    fc.assert(
      fc.property(service, service, (written, override) => {
        const text = JSON.stringify({ services: [{ type: "docker:web", id: "web", ...written }] });
        const { blueprint, diagnostics } = parseBlueprint(text, "app.json", { overrides: { web: override } });
        expect(blueprint === undefined).toBe(diagnostics.some(({ severity }) => severity === "error"));
      }),
    );
  });

  const id = fc.stringMatching(/^[a-z]([a-z0-9-]{0,8}[a-z0-9])?$/);
  const port = fc.integer({ min: 1, max: 65_535 });
  const written = (...protocols: string[]) =>
    fc.tuple(port, fc.constantFrom(...protocols)).map(([number, protocol]) => `${number}${protocol}`);
  /** As the model has them. */
  const portsOf = (texts: readonly string[]) => {
    const numbers = (of: RegExp) => [
      ...new Set(texts.filter((text) => of.test(text)).map((text) => parseInt(text, 10))),
    ];
    const sorted = (of: RegExp) => numbers(of).sort((a, b) => a - b);
    return [...tcp(...sorted(/^\d+(?:\/tcp)?$/)), ...udp(...sorted(/udp$/i))];
  };
  const generated = fc.uniqueArray(id, { minLength: 1, maxLength: 6 }).chain((ids) =>
    fc.tuple(
      ...ids.map((own, index) =>
        fc.record({
          id: fc.constant(own),
          image: fc.constantFrom("web", "a/b", "localhost:5000/c"),
          tag: fc.stringMatching(/^[a-z0-9][a-z0-9.]{0,6}$/),
          openPorts: fc.array(written("", "/tcp", "/udp", "/UDP"), { maxLength: 4 }),
          portBindings: fc.dictionary(written("", "/udp"), port, { maxKeys: 3 }),
          env: fc.dictionary(
            fc.stringMatching(/^[A-Z][A-Z0-9_]{0,6}$/),
            fc.oneof(fc.integer(), fc.boolean(), fc.string()),
          ),
          location: fc.option(fc.constantFrom("my-docker-cloud", "my-mesos-cluster"), { nil: undefined }),
          // Links go to earlier services only, so that there are no cycles.
          links: fc.dictionary(id, fc.constantFrom(...(index === 0 ? [own] : ids.slice(0, index))), {
            maxKeys: index === 0 ? 0 : 3,
          }),
        }),
      ),
    ),
  );

  it("gives back what a generated blueprint says, in both spellings of its keys", () => {
    fc.assert(
      fc.property(generated, fc.boolean(), (services, full) => {
        const text = stringify({
          services: services.map(({ image, tag, openPorts, env, links, ...others }) => ({
            ...others,
            type: `docker:${image}:${tag}`,
            ...(full
              ? { "brooklyn.config": { "docker.container.openPorts": openPorts, "docker.container.environment": env } }
              : { openPorts: openPorts.length === 0 ? [] : openPorts.join(","), env }),
            links: Object.fromEntries(
              Object.entries(links).map(([alias, target]) => [alias, `$brooklyn:component("${target}")`]),
            ),
          })),
        });
        const read = blueprintOf(text).services.map((service) => ({
          id: service.id,
          image: service.workload.kind === "image" ? formatImage(service.workload.image) : "",
          ports: service.ports,
          portBindings: Object.fromEntries(
            service.portBindings.map(({ hostPort, containerPort, protocol }) => [
              protocol === "udp" ? `${hostPort}/udp` : `${hostPort}`,
              containerPort,
            ]),
          ),
          env: Object.fromEntries(
            Object.entries(service.env).map(([name, value]) => [name, "value" in value && value.value]),
          ),
          locations: service.locations.map(({ name }) => name),
          links: Object.fromEntries(service.links.map(({ alias, target }) => [alias, target])),
        }));
        expect(read).toEqual(
          services.map((service) => ({
            id: service.id,
            image: `${service.image}:${service.tag}`,
            ports: portsOf([
              ...service.openPorts,
              ...Object.entries(service.portBindings).map(([host, inside]) => host.replace(/^\d+/, `${inside}`)),
            ]),
            portBindings: { ...service.portBindings },
            env: { ...service.env },
            locations: service.location === undefined ? [] : [service.location],
            links: { ...service.links },
          })),
        );
      }),
      { numRuns: 50 },
    );
  });

  it("gives the same for the same text", () => {
    const text = 'services:\n- type: docker:web\n  env: {A: $brooklyn:config("b"), B: [1]}\n  bogus: 1\n';
    expect(parseBlueprint(text, "app.yaml")).toEqual(parseBlueprint(text, "app.yaml"));
  });
});

describe("reading", () => {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "blueprint-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("names the application after the file where the blueprint does not", async () => {
    const path = join(folder, "My Shop.yaml");
    writeFileSync(path, "\uFEFFservices:\r\n- type: docker:web\r\n");
    expect((await readBlueprint(path)).blueprint).toMatchObject({ file: path, id: "my-shop", name: "my-shop" });
  });

  it("tells that there is no such file, or that it is a folder", async () => {
    const told = await Promise.all([join(folder, "none.yaml"), folder].map((path) => readBlueprint(path)));
    const text = told.flatMap(({ diagnostics }) => diagnostics.map(formatDiagnostic)).join("\n");
    expect(text.replaceAll(folder, "")).toBe(
      `/none.yaml error unreadable-file: cannot read the blueprint: there is no such file
  set clocker:blueprint to the path of the file, from the project's folder
 error unreadable-file: cannot read the blueprint: it is a folder
  set clocker:blueprint to the path of the file, from the project's folder`,
    );
  });
});

describe("diagnostics", () => {
  it("stand in reading order, each once, those of the stack last", () => {
    const problems = new Problems();
    problems.error("c", { file: "clocker:overrides", path: "web.memory" }, "third", "do");
    problems.warning("b", { file: "app.yaml", line: 2, column: 5, path: "" }, "second", "do");
    problems.error("a", { file: "app.yaml", line: 2, column: 1, path: "" }, "first", "do");
    problems.error("a", { file: "app.yaml", line: 2, column: 1, path: "" }, "first", "do");
    expect(problems.diagnostics.map(({ message }) => message)).toEqual(["first", "second", "third"]);
  });

  it.each([
    [{ file: "app.yaml", line: 2, column: 5, path: "a" }, "app.yaml:2:5"],
    [{ file: "app.yaml", line: 2, path: "a" }, "app.yaml:2"],
    [{ file: "clocker:overrides", path: "web.env" }, "clocker:overrides web.env"],
    [{ file: "app.yaml", path: "" }, "app.yaml"],
  ])("at %j are written %s", (at, expected) => expect(formatPosition(at)).toBe(expected));
});
