import { ignored, type KeyDefinition, OWN, read, unsupported } from "./definition";
import { ADJUNCTS, ANY, LOCATION, MAP, OUTPUTS, PARAMETERS, SERVICES, TAGS, TEXT } from "./forms";

const FLAGS = "write its keys under brooklyn.config";
const POLICIES = "policies of Brooklyn that platforms stand in for";
const ENRICHERS = "sensors that are derived from others";
const INITIALIZERS = "sensors with values of their own";

/** The one spelling of a structure key that stands in `brooklyn.config` too. */
export const PLAN_ID = "camp.plan.id";

/** Keys that stand at the top of a service only. */
export const STRUCTURE_KEYS: readonly KeyDefinition[] = [
  read("type", TEXT, "what runs", { ...OWN, aliases: ["serviceType", "service_type"] }),
  read("id", TEXT, "name in the blueprint", { ...OWN, aliases: [PLAN_ID], preset: "made of the type" }),
  read("name", TEXT, "name for people", OWN),
  read("description", TEXT, "text for people", OWN),
  read("location", LOCATION, "where the service goes", {
    ...OWN,
    aliases: ["locations"],
    preset: "the application's",
  }),
  read("brooklyn.config", MAP, "configuration keys, and keys of your own, which `config` reads", OWN),
  ignored("characteristics", "Brooklyn ignores it too; remove it"),
  read("brooklyn.parameters", PARAMETERS, "keys of your own, with types, defaults and constraints", OWN),
  read("brooklyn.children", SERVICES, "services below this one, which inherit its configuration and location", OWN),
  read("brooklyn.policies", ADJUNCTS, POLICIES, OWN),
  read("brooklyn.enrichers", ADJUNCTS, ENRICHERS, OWN),
  read("brooklyn.initializers", ADJUNCTS, INITIALIZERS, OWN),
  read("brooklyn.tags", TAGS, "labels of the container or machine, with the value `true`", OWN),
  unsupported("brooklyn.flags", FLAGS),
  unsupported("brooklyn.catalog", "a service of a blueprint is not a catalog item; remove it"),
];

/** Keys at the top of the application. */
export const APPLICATION_KEYS: readonly KeyDefinition[] = [
  read("id", TEXT, "name of the application", { ...OWN, preset: "made of its name or of the file's" }),
  read("name", TEXT, "name for people", { ...OWN, preset: "the id" }),
  read("description", TEXT, "text for people", OWN),
  read("location", LOCATION, "where services without a location go", OWN),
  read("locations", LOCATION, "the same, one or a list", OWN),
  read("services", SERVICES, "what the application is made of", OWN),
  read("brooklyn.config", MAP, "configuration that services inherit, and values for `config`", OWN),
  read("brooklyn.parameters", PARAMETERS, "keys of your own, with types, defaults and constraints", OWN),
  read("brooklyn.children", SERVICES, "the same, beside or instead of services", OWN),
  read("outputs", OUTPUTS, "values that the stack's output `outputs` tells when the application runs", OWN),
  read(
    "wrappedApp",
    { ...ANY, words: "true or false" },
    "keep the application around a single service that is an application itself",
    {
      ...OWN,
      preset: "false",
    },
  ),
  ignored("origin", "remove it"),
  ignored("artifacts", "remove it"),
  ignored(
    "brooklyn.catalog",
    "types come from the files under clocker:catalog of the stack: name this one there, or remove it",
  ),
  read("brooklyn.policies", ADJUNCTS, POLICIES, OWN),
  read("brooklyn.enrichers", ADJUNCTS, ENRICHERS, OWN),
  read("brooklyn.initializers", ADJUNCTS, INITIALIZERS, OWN),
  ignored("brooklyn.tags", "write the tags on services: the application has nothing that could carry a label"),
  unsupported("brooklyn.flags", FLAGS),
];
