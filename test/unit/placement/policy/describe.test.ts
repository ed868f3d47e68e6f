import { expect, it } from "vitest";
import { compilePolicy } from "../../../../placement/policy/compile";
import { describePolicy } from "../../../../placement/policy/describe";
import { binding, REDIS, type ServiceSketch, settings } from "../blueprints";
import { compiled, planOf } from "./applications";

const SHOP: Record<string, ServiceSketch> = {
  page: { locations: ["docks"], portBindings: [binding(80, 5000)], links: ["redis", ["dnmonster", "monster"]] },
  monster: { locations: ["tasks"], ports: [8080], links: ["redis"] },
  redis: { locations: ["machines"], workload: REDIS },
};

it("the table tells who reaches whom, on which port, why, by what and where that is written", () => {
  expect(describePolicy(compiled(SHOP)).join("\n")).toMatchInlineSnapshot(`
    "Tier clocker-shop-dev with 6 policies and 1 network set refuses all but:
    FROM            TO             PORT      WHY        ENFORCED BY                                  DECLARED AT
    monster         redis          6379/tcp  link       redis-from-monster, security group of redis  app.yaml:1:1
    page            redis          6379/tcp  link       redis-from-page, security group of redis     app.yaml:1:1
    192.0.2.1/32    redis          22/tcp    ssh        security group of redis                      app.yaml:1:1
    page            monster        8080/tcp  link       monster-from-page                            app.yaml:1:1
    203.0.113.0/24  page           5000/tcp  published  page-published                               app.yaml:1:1
    192.0.2.30/32   monster        8080/tcp  health     health                                       app.yaml:1:1
    every service   192.0.2.53/32  53/udp    dns        every-service
    every service   192.0.2.53/32  53/tcp    dns        every-service"
  `);
});

it("without Calico the table tells what machines let in", () => {
  const of = settings();
  expect(describePolicy(compilePolicy(planOf(SHOP, of), of)).join("\n")).toMatchInlineSnapshot(`
    "Without clocker:network.calico, only 1 machine refuses all but:
    FROM          TO     PORT      WHY   ENFORCED BY              DECLARED AT
    monster       redis  6379/tcp  link  security group of redis  app.yaml:1:1
    page          redis  6379/tcp  link  security group of redis  app.yaml:1:1
    192.0.2.1/32  redis  22/tcp    ssh   security group of redis  app.yaml:1:1"
  `);
  const docks = { page: { locations: ["docks"], portBindings: [binding(80, 5000)] } };
  expect(describePolicy(compilePolicy(planOf(docks, of), of))).toEqual([
    "Without clocker:network.calico nothing is refused.",
  ]);
});
