import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Blueprint, Service } from "../../../blueprint/model";
import type { PlacedService, Plan } from "../../../placement/model";
import { planName, serviceName } from "../../../placement/names";
import { place } from "../../../placement/place";
import type { Settings } from "../../../settings/schema";
import { udp } from "../../support/ports";
import { attribute, binding, blueprint, REDIS, service, settings } from "./blueprints";

const SITES = ["docks/h1", "docks/h2", "tasks", "machines"];

interface Sketch {
  readonly site: string;
  readonly openPorts: readonly number[];
  readonly datagrams: readonly number[];
  readonly fixed: boolean;
  readonly targets: readonly number[];
  readonly reads: boolean;
}

const sketch: fc.Arbitrary<Sketch> = fc.record({
  site: fc.constantFrom(...SITES),
  openPorts: fc.uniqueArray(fc.integer({ min: 1000, max: 1020 }), { maxLength: 8 }),
  datagrams: fc.uniqueArray(fc.integer({ min: 1000, max: 1020 }), { maxLength: 3 }),
  fixed: fc.boolean(),
  targets: fc.uniqueArray(fc.nat({ max: 7 }), { maxLength: 4 }),
  reads: fc.boolean(),
});

/** Only a forwarder would lead from one host to ports of another one, and it carries no datagrams. */
function isLinkable(consumer: Sketch, target: Sketch | undefined): boolean {
  if (target === undefined) return false;
  const beside = consumer.site === target.site && consumer.site.includes("/");
  return target.datagrams.length === 0 || target.site === "machines" || beside;
}

/** An application of Redis services without circles: each depends on services before it, and the list is shuffled afterwards. */
const application: fc.Arbitrary<{ blueprint: Blueprint; settings: Settings }> = fc
  .array(sketch, { minLength: 1, maxLength: 8 })
  .chain((sketches) => {
    const services = sketches.map((one, index): Service => {
      const links = one.targets.filter((target) => isLinkable(one, target < index ? sketches[target] : undefined));
      const hostPort = one.site === "machines" ? 6379 : 5000 + index;
      const [first] = one.datagrams;
      const portBindings = one.fixed
        ? [
            binding(hostPort, 6379),
            ...(first === undefined || one.site === "machines" ? [] : [binding(6000 + index, first, "udp")]),
          ]
        : [];
      return service(`s${index}`, {
        workload: REDIS,
        ports: [...one.openPorts, 6379, ...udp(...one.datagrams)],
        portBindings,
        links: links.map((target) => `s${target}`),
        ...(one.reads && index > 0 && { env: { URL: attribute("s0", "mapped.docker.port.6379") } }),
      });
    });
    return fc.shuffledSubarray(services, { minLength: services.length }).map((shuffled) => ({
      blueprint: blueprint(shuffled),
      settings: settings({
        placement: Object.fromEntries(sketches.map(({ site }, index) => [`s${index}`, site])),
        // Small, so that hashes collide and probing has work to do.
        network: { sources: ["192.0.2.0/24"], portRange: { from: 20000, to: 20099 } },
      }),
    }));
  });

function planOf({ blueprint, settings }: { blueprint: Blueprint; settings: Settings }): Plan {
  const { plan, diagnostics } = place(blueprint, settings, "dev");
  expect(diagnostics).toEqual([]);
  if (plan === undefined) {
    throw new Error("no plan");
  }
  return plan;
}

const byId = (plan: Plan) => new Map(plan.services.map((placed) => [placed.service.id, placed]));

describe("every plan", () => {
  it("is the same for the same input, and for another order of the services gives each the same place and ports", () => {
    fc.assert(
      fc.property(application, (app) => {
        const plan = planOf(app);
        expect(planOf(app)).toEqual(plan);
        const reversed = planOf({
          ...app,
          blueprint: { ...app.blueprint, services: [...app.blueprint.services].reverse() },
        });
        expect(byId(reversed)).toEqual(byId(plan));
      }),
    );
  });

  it("holds every service once, after all that it links to or reads", () => {
    fc.assert(
      fc.property(application, (app) => {
        const ids = planOf(app).services.map(({ service }) => service.id);
        expect([...ids].sort()).toEqual(app.blueprint.services.map(({ id }) => id).sort());
        for (const { id, links, env } of app.blueprint.services) {
          const needed = [...links.map(({ target }) => target), ...("URL" in env ? ["s0"] : [])];
          expect(needed.every((other) => ids.indexOf(other) < ids.indexOf(id))).toBe(true);
        }
      }),
    );
  });

  it("starts as the blueprint lists them, as far as links and sensors allow", () => {
    const uses = ({ links, env }: Service) => [...links.map(({ target }) => target), ...("URL" in env ? ["s0"] : [])];
    fc.assert(
      fc.property(application, (app) => {
        const expected: string[] = [];
        for (;;) {
          const next = app.blueprint.services.find(
            (one) => !expected.includes(one.id) && uses(one).every((id) => expected.includes(id)),
          );
          if (next === undefined) break;
          expected.push(next.id);
        }
        expect(planOf(app).services.map(({ service }) => service.id)).toEqual(expected);
      }),
    );
  });

  it("gives no host port of a Docker host twice", () => {
    fc.assert(
      fc.property(application, (app) => {
        const used = planOf(app)
          .services.filter(({ host }) => host !== undefined)
          .flatMap(({ location, host, ports }) =>
            ports.flatMap(({ hostPort, protocol }) =>
              hostPort === undefined ? [] : [`${location}/${host}:${hostPort}/${protocol}`],
            ),
          );
        expect(new Set(used).size).toBe(used.length);
      }),
    );
  });

  it("carries every link: beside the target, or to ports that are reachable", () => {
    const reaches = (consumer: PlacedService, route: string, target: PlacedService): boolean => {
      const beside =
        consumer.location === target.location && consumer.host === target.host && target.host !== undefined;
      const open = target.ports.every(({ hostPort }) => hostPort !== undefined);
      const unchanged = target.ports.every(({ port, hostPort }) => port === hostPort);
      return beside ? route === "alias" : open && route === (unchanged ? "hosts" : "forward");
    };
    fc.assert(
      fc.property(application, (app) => {
        const services = byId(planOf(app));
        for (const consumer of services.values()) {
          expect(consumer.links.map(({ target }) => target)).toEqual(
            consumer.service.links.map(({ target }) => target),
          );
          for (const { target, route } of consumer.links) {
            const placed = services.get(target);
            expect(placed !== undefined && reaches(consumer, route, placed)).toBe(true);
            expect(placed?.consumers).toContain(consumer.service.id);
          }
        }
      }),
    );
  });
});

describe("physical names", () => {
  const part = fc.oneof(
    fc.stringMatching(/^[a-z][a-z0-9-]{0,10}$/),
    fc.stringMatching(/^[A-Za-z0-9._-]{1,12}$/),
    fc.string({ minLength: 1, maxLength: 90 }),
  );
  const nameOf = ([application, stack, id]: readonly string[]) =>
    serviceName(planName(application ?? "", stack ?? ""), id ?? "", 63);

  it("are DNS labels of at most 63 characters that begin with the plan's name", () => {
    fc.assert(
      fc.property(part, part, part, (application, stack, id) => {
        const name = nameOf([application, stack, id]);
        expect(name).toMatch(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/);
        expect(name.length).toBeLessThanOrEqual(63);
        expect(name.startsWith(`${planName(application, stack)}-`)).toBe(true);
      }),
    );
  });

  it("are distinct for distinct application, stack and service", () => {
    const tuples = fc.uniqueArray(fc.tuple(part, part, part), {
      minLength: 2,
      maxLength: 20,
      selector: JSON.stringify,
    });
    fc.assert(
      fc.property(tuples, (all) => {
        expect(new Set(all.map(nameOf)).size).toBe(all.length);
      }),
    );
  });

  it("are distinct for every way to cut one hyphenated text into application, stack and service", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom("a", "b", "c"), { minLength: 4, maxLength: 6 }), (words) => {
        const cuts = words.slice(1).flatMap((_, first) =>
          words.slice(first + 2).map((__, length) => {
            const second = first + 2 + length;
            return [words.slice(0, first + 1), words.slice(first + 1, second), words.slice(second)].map((own) =>
              own.join("-"),
            );
          }),
        );
        expect(cuts.length).toBe(((words.length - 1) * (words.length - 2)) / 2);
        expect(new Set(cuts.map(nameOf)).size).toBe(cuts.length);
      }),
    );
  });

  it.each([
    ["shop", "dev", "web", "shop-dev-web"],
    ["my-application", "dev", "redis", "my-application-dev-redis"],
  ])("are the parts as they are where they can be told apart: %s %s %s", (application, stack, id, name) => {
    expect(nameOf([application, stack, id])).toBe(name);
  });

  it.each([
    ["a hyphen in the service", "shop", "dev", "web-app", /^shop-dev-web-app-[0-9a-f]{8}$/],
    ["a hyphen in the stack", "shop", "test-1", "web", /^shop-test-1-[0-9a-f]{8}-web$/],
    ["capitals", "shop", "dev", "Web", /^shop-dev-web-[0-9a-f]{8}$/],
    ["length", "shop", "dev", "w".repeat(80), /^shop-dev-w{45}-[0-9a-f]{8}$/],
  ])("bear a hash because of %s", (_, application, stack, id, pattern) => {
    expect(nameOf([application, stack, id])).toMatch(pattern);
  });

  it("stand in the plan", () => {
    const { plan } = place(blueprint([service("web", { locations: ["docks"] })]), settings(), "dev");
    expect(plan).toMatchObject({ application: "shop", stack: "dev", physicalName: "shop-dev" });
    expect(plan?.services[0]?.physicalName).toBe("shop-dev-web");
  });
});
