import type { Settings } from "../../settings/schema";
import type { Plan } from "../model";
import { compileBase } from "./base";
import { capacityProblems } from "./capacity";
import { connectionPolicy, connectionRelations, connectionsTo } from "./connections";
import { contextOf, type Guarded, type PolicyContext } from "./context";
import { compileHealth } from "./health";
import { calicoLabels } from "./labels";
import { compileMachinePolicy } from "./machine-policies";
import { compileMachineRules } from "./machine-rules";
import type { CompiledNetwork, CompiledPolicy, CompiledSet, MachineRules, Relation } from "./model";
import { serviceLabel } from "./names";
import { policyProblems } from "./problems";
import { publishedPolicy, publishedRelations } from "./published";

/** Before Calico's own `default` (1000000), after whatever an administrator puts first. */
const TIER_ORDER = 10_000;

/** What is compiled of one service: all that may reach it. */
interface Inbound {
  readonly relations: readonly Relation[];
  readonly policies: readonly CompiledPolicy[];
  readonly machineRules?: MachineRules;
}

/**
 * Compiles what the plan declares into what lets it through and nothing else: policies of a tier of the application's own for services with
 * a Calico address, rules of their platform for the others. Pure and deterministic, and linear in services and links.
 */
export function compilePolicy(plan: Plan, settings: Settings): CompiledNetwork {
  const context = contextOf(plan, settings);
  const services = [...context.services.values()];
  const inbound = services.map((service) => [service.id, compileInbound(service, context)] as const);
  const relations = inbound.flatMap(([, one]) => one.relations);
  const machineRules = Object.fromEntries(
    inbound.flatMap(([id, one]) => (one.machineRules === undefined ? [] : [[id, one.machineRules]])),
  );
  const problems = [...services.flatMap((service) => policyProblems(service, context)), ...capacityProblems(context)];
  if (settings.network.calico === undefined) {
    return { relations, policies: [], sets: [], machineRules, machinePolicies: {}, problems };
  }
  const base = compileBase(context);
  const health = compileHealth(context);
  const policies = [
    base.policy,
    ...(health.policy === undefined ? [] : [health.policy]),
    ...inbound.flatMap(([, one]) => one.policies),
  ];
  return {
    relations: [...relations, ...health.relations, ...base.relations],
    tier: { name: context.tier, order: TIER_ORDER, defaultAction: "Deny" },
    policies: policies.sort(byName),
    sets: services.flatMap((service) => compileSet(service, context)).sort(byName),
    machineRules,
    machinePolicies: Object.fromEntries(
      services.flatMap((service) => {
        const rules = machineRules[service.id];
        return rules !== undefined && service.traits.hasHostEndpoints(service.location)
          ? [[service.id, compileMachinePolicy(service, rules, context)]]
          : [];
      }),
    ),
    problems,
  };
}

function compileInbound(service: Guarded, context: PolicyContext): Inbound {
  const connections = connectionsTo(service, context).map((connection) => ({
    connection,
    policy: connectionPolicy(connection, context),
  }));
  const published = publishedPolicy(service, context);
  const machineRules = service.traits.filtersSources
    ? compileMachineRules(
        service,
        connections.map(({ connection }) => connection),
        context,
      )
    : undefined;
  return {
    relations: [
      ...connections.flatMap(({ connection, policy }) => connectionRelations(connection, policy?.name)),
      ...publishedRelations(service, context, published?.name),
      ...loginRelations(service),
    ],
    policies: [...connections.flatMap(({ policy }) => policy ?? []), ...(published === undefined ? [] : [published])],
    ...(machineRules !== undefined && { machineRules }),
  };
}

function loginRelations({ id, traits, location, placed }: Guarded): Relation[] {
  const ranges = traits.loginSources(location);
  return ranges.length === 0
    ? []
    : [
        {
          from: { kind: "ranges", ranges },
          to: { kind: "service", id },
          port: 22,
          protocol: "TCP",
          why: "ssh",
          at: placed.service.at,
        },
      ];
}

function compileSet({ id, role }: Guarded, { plan, tier }: PolicyContext): CompiledSet[] {
  return role === "set" ? [{ name: `${tier}.${serviceLabel(id)}`, service: id, labels: calicoLabels(plan, id) }] : [];
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}
