import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { portText } from "../../../../blueprint/port";
import type { CompiledNetwork } from "../../../../placement/policy/model";
import { type Peer, passesPolicies } from "./evaluator";
import { application, OUTSIDE, PORTS, packetTo, World } from "./world";

/** Names of the cases where the two disagree, so that a failure says which. */
function disagreements<Case>(cases: readonly Case[], got: (one: Case) => boolean, wanted: (one: Case) => boolean) {
  return cases
    .filter((one) => got(one) !== wanted(one))
    .map((one) => `${JSON.stringify(one)} is ${got(one) ? "open" : "closed"}`);
}

describe("the compiled network of every application", () => {
  it("lets services reach exactly the services, on exactly the ports, that the blueprint declares", () => {
    const seen = { open: 0, closed: 0 };
    fc.assert(
      fc.property(application, (app) => {
        const world = new World(app);
        const ids = [...world.services.keys()];
        const cases = ids.flatMap((from) =>
          ids.filter((to) => to !== from).flatMap((to) => PORTS.map((port) => ({ from, to, port }))),
        );
        const got = ({ from, to, port }: (typeof cases)[number]) => world.connects(from, to, port);
        expect(disagreements(cases, got, ({ from, to, port }) => world.declares(from, to, port))).toEqual([]);
        for (const one of cases) {
          seen[got(one) ? "open" : "closed"]++;
        }
      }),
    );
    expect(Math.min(seen.open, seen.closed)).toBeGreaterThan(0);
  });

  it("lets addresses outside reach exactly what is published to them, what their platform checks and where Clocker logs in", () => {
    fc.assert(
      fc.property(application, (app) => {
        const world = new World(app);
        const cases = [...world.services.keys()].flatMap((to) =>
          OUTSIDE.flatMap((address) => PORTS.map((port) => ({ address, to, port }))),
        );
        expect(
          disagreements(
            cases,
            ({ address, to, port }) => world.connectsFrom(address, to, port),
            ({ address, to, port }) => world.declaresFrom(address, to, port),
          ),
        ).toEqual([]);
      }),
    );
  });

  it("lets containers reach nothing outside but the configured resolvers, and metadata where the settings say so", () => {
    fc.assert(
      fc.property(application, (app) => {
        const world = new World(app);
        const cases = [...world.services.keys()]
          .filter((id) => !world.isMachine(id))
          .flatMap((from) =>
            [...OUTSIDE, "169.254.169.254"].flatMap((address) => PORTS.map((port) => ({ from, address, port }))),
          );
        expect(
          disagreements(
            cases,
            ({ from, address, port }) => world.connectsTo(address, from, port),
            ({ address, port }) => world.declaresTo(address, port),
          ),
        ).toEqual([]);
      }),
    );
  });

  it("lets no endpoint of another stack or application in or out, whatever its service is called", () => {
    fc.assert(
      fc.property(application, fc.constantFrom("stack", "application"), (app, difference) => {
        const world = new World(app);
        for (const [id, peer] of world.peers) {
          const stranger: Peer = {
            ...peer,
            address: "198.18.175.1",
            endpoint: false,
            labels: { ...peer.labels, [`clocker.${difference}`]: "other" },
          };
          for (const [other, to] of world.peers) {
            for (const port of PORTS.filter((one) => !world.declaresFrom(stranger.address, other, one))) {
              const packet = { from: stranger, to, ...packetTo(port) };
              expect(to.endpoint && passesPolicies(world.network, packet), `${id} ${other} ${portText(port)}`).toBe(
                false,
              );
              const back = { from: to, to: stranger, ...packetTo(port) };
              expect(to.endpoint && passesPolicies(world.network, back), `${other} ${id} ${portText(port)}`).toBe(
                false,
              );
            }
          }
        }
      }),
    );
  });

  it("loses exactly the policy of a link that is removed, and nothing else changes", () => {
    const removed = { policies: 0, machines: 0 };
    fc.assert(
      fc.property(application, fc.nat(), (app, pick) => {
        const links = app.blueprint.services.flatMap(({ id, links, env }) =>
          links.filter(({ target }) => !("HOST" in env && target === "s0")).map(({ target }) => ({ id, target })),
        );
        const link = links[pick % Math.max(links.length, 1)];
        fc.pre(link !== undefined);
        const before = new World(app);
        const after = new World({
          ...app,
          blueprint: {
            ...app.blueprint,
            services: app.blueprint.services.map((one) =>
              one.id === link.id ? { ...one, links: one.links.filter(({ target }) => target !== link.target) } : one,
            ),
          },
        });
        const guarded = !(before.isMachine(link.id) && before.isMachine(link.target));
        const name = `clocker-shop-dev.${link.target}-from-${link.id}`;
        expect(before.network.policies.filter((policy) => policy.name === name)).toHaveLength(guarded ? 1 : 0);
        expect(after.network.policies).toEqual(before.network.policies.filter((policy) => policy.name !== name));
        expect(after.network.sets).toEqual(before.network.sets);
        expect(after.network.tier).toEqual(before.network.tier);
        const others = ({ machineRules: { [link.target]: _, ...rest } }: CompiledNetwork) => rest;
        expect(others(after.network)).toEqual(others(before.network));
        removed[guarded ? "policies" : "machines"]++;
      }),
    );
    expect(Math.min(removed.policies, removed.machines)).toBeGreaterThan(0);
  });

  it("is the same for the same input, and policies do not depend on the order of services", () => {
    fc.assert(
      fc.property(application, (app) => {
        const { network } = new World(app);
        expect(new World(app).network).toEqual(network);
        const services = [...app.blueprint.services].reverse();
        const reversed = new World({ ...app, blueprint: { ...app.blueprint, services } }).network;
        expect(reversed.policies).toEqual(network.policies);
        expect(reversed.sets).toEqual(network.sets);
      }),
    );
  });
});
