import { describe, expect, it } from "vitest";
import { type Case, diagnose } from "./diagnose";

describe("keys of the application", () => {
  it.each<Case>([
    [
      "an unknown key",
      `service:
- type: docker:web
`,
      `app.yaml:1:1 error missing-services: the blueprint has no services
  write a list of services, each with \`- type: ...\`
app.yaml:1:1 error unknown-key: the application has the unknown key 'service'
  did you mean 'services'?`,
    ],
    [
      "a key of a service",
      `openPorts: 80
services:
- type: docker:web
`,
      `app.yaml:1:1 error unknown-key: the application has the unknown key 'openPorts'
  use id, name, description, location, locations, services, brooklyn.config, brooklyn.parameters, brooklyn.children, outputs, wrappedApp, brooklyn.policies, brooklyn.enrichers, brooklyn.initializers; keys of services belong to a service, or under brooklyn.config for all of them`,
    ],
    [
      "keys without effect",
      `origin: here
artifacts: []
wrappedApp: true
brooklyn.catalog: {id: x}
services:
- type: docker:web
`,
      `app.yaml:1:1 warning ignored-key: origin of the application has no effect
  remove it
app.yaml:2:1 warning ignored-key: artifacts of the application has no effect
  remove it
app.yaml:4:1 warning ignored-key: brooklyn.catalog of the application has no effect
  types come from the files under clocker:catalog of the stack: name this one there, or remove it`,
    ],
    [
      "adjuncts that are none, flags and tags",
      `brooklyn.policies: [a]
brooklyn.enrichers: [a]
brooklyn.initializers: [a]
brooklyn.children: []
brooklyn.parameters: []
brooklyn.flags: {a: b}
brooklyn.tags: [a]
services:
- type: docker:web
`,
      `app.yaml:1:21 error bad-type: brooklyn.policies of the application needs maps, not 'a'
  write a list of maps, each with \`type:\` and \`brooklyn.config:\`
app.yaml:2:22 error bad-type: brooklyn.enrichers of the application needs maps, not 'a'
  write a list of maps, each with \`type:\` and \`brooklyn.config:\`
app.yaml:3:25 error bad-type: brooklyn.initializers of the application needs maps, not 'a'
  write a list of maps, each with \`type:\` and \`brooklyn.config:\`
app.yaml:6:18 error unsupported-key: brooklyn.flags of the application is not supported, here for 'a'
  write a under brooklyn.config
app.yaml:7:1 warning ignored-key: brooklyn.tags of the application has no effect
  write the tags on services: the application has nothing that could carry a label`,
    ],
    [
      "an empty list of services",
      `services: []
`,
      `app.yaml:1:11 error missing-services: the blueprint has no services
  write a list of services, each with \`- type: ...\``,
    ],
    [
      "services as a map",
      `services:
  web: docker:web
`,
      `app.yaml:2:3 error bad-type: services needs a list, not a map
  write a list of services, each with \`- type: ...\``,
    ],
    [
      "a service that is a text",
      `services:
- docker:web
`,
      `app.yaml:2:3 error bad-type: service 1 needs a map, not 'docker:web'
  write a list of services, each with \`- type: ...\``,
    ],
    [
      "a bad id",
      `id: My Shop
services:
- type: docker:web
`,
      `app.yaml:1:5 error bad-id: the id of the application cannot be 'My Shop': it becomes a part of names
  use lower-case letters, digits, hyphens and underscores, beginning and ending with a letter or digit, up to 63, e.g. 'my-shop'`,
    ],
    [
      "a name that is a list",
      `name: [a]
services:
- type: docker:web
`,
      `app.yaml:1:7 error bad-type: name of the application needs a text, not a list
  write a text`,
    ],
    [
      "brooklyn.config as a list",
      `brooklyn.config: [a]
services:
- type: docker:web
`,
      `app.yaml:1:18 error bad-type: brooklyn.config of the application needs a map, not a list
  write keys and values, one a line`,
    ],
    [
      "configuration that services do not inherit",
      `brooklyn.config:
  docker.container.openPorts: 80
services:
- type: docker:web
`,
      `app.yaml:2:3 error not-inherited: docker.container.openPorts of the application is not passed on to services
  write the key on each service that needs it`,
    ],
    [
      "configuration that is not supported, told once",
      `brooklyn.config:
  docker.hardwareId: small
services:
- type: docker:web
- type: docker:web
`,
      `app.yaml:2:3 error unsupported-key: docker.hardwareId of the application is not supported
  write memory and cpuShares`,
    ],
    [
      "inherited configuration with a bad value, told once",
      `brooklyn.config:
  start.timeout: soon
services:
- type: docker:web
- type: docker:web
`,
      `app.yaml:2:18 error bad-duration: start.timeout of the application needs a duration, not 'soon'
  write a duration such as 90s, 10m or 1h; a bare number counts milliseconds`,
    ],
  ])("tells %s", (_claim, text, expected, options) => {
    expect(diagnose(text, options)).toBe(expected);
  });
});
