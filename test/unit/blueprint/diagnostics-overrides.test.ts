import { describe, expect, it } from "vitest";
import type { Overrides } from "../../../blueprint/model";
import { type Case, diagnose } from "./diagnose";

describe("overrides of the stack", () => {
  it.each<Case>([
    [
      "an unknown service",
      `services:
- type: docker:web
  id: web
- type: org.apache.brooklyn.entity.nosql.redis.RedisStore
  id: redis
`,
      `clocker:overrides wep error unknown-override: no service has the id 'wep'
  did you mean 'web'? services of this blueprint: 'redis' and 'web'`,
      { overrides: { wep: { openPorts: 80 } } },
    ],
    [
      "a service that is no map",
      `services:
- type: docker:web
  id: web
- type: org.apache.brooklyn.entity.nosql.redis.RedisStore
  id: redis
`,
      `clocker:overrides web error bad-type: the override needs a map, not 'docker:other'
  write blueprint keys and values`,
      { overrides: { web: "docker:other" } as unknown as Overrides },
    ],
    [
      "an id",
      `services:
- type: docker:web
  id: web
- type: org.apache.brooklyn.entity.nosql.redis.RedisStore
  id: redis
`,
      `clocker:overrides web.id error bad-override: the id of a service cannot be overridden: other services and the stack refer to it
  change the id in the blueprint`,
      { overrides: { web: { id: "other" } } },
    ],
    [
      "a key and a value that are wrong",
      `services:
- type: docker:web
  id: web
- type: org.apache.brooklyn.entity.nosql.redis.RedisStore
  id: redis
`,
      `clocker:overrides web.openports error unknown-key: service 'web' has the unknown key 'openports'
  did you mean 'openPorts'?
clocker:overrides web.memory error bad-size: memory of service 'web' needs a size, not 'much'
  write bytes, or a size such as 512m or 2g; Docker takes no less than 6m`,
      { overrides: { web: { openports: 80, memory: "much" } } },
    ],
    [
      "a version as a number",
      `services:
- type: docker:web
  id: web
- type: org.apache.brooklyn.entity.nosql.redis.RedisStore
  id: redis
`,
      `clocker:overrides redis.install.version warning numeric-version: install.version is a number, read as '3': a trailing zero would be lost
  quote the version in the stack file, e.g. "3.0"`,
      { overrides: { redis: { "install.version": 3 } } },
    ],
    [
      "a link and an expression",
      `services:
- type: docker:web
  id: web
- type: org.apache.brooklyn.entity.nosql.redis.RedisStore
  id: redis
`,
      `clocker:overrides web.links[0] error unknown-link-target: no service has the id 'nobody'
  services of this blueprint: 'redis' and 'web'
clocker:overrides web.env.A error expression-syntax: cannot read the expression in env.A of service 'web': expected a function name or a value but found the end of the text, at character 18 of '$brooklyn:config('
  write $brooklyn:function("argument", ...); quote the whole value where it holds ': ', ' #' or stands in [ ] or { }`,
      { overrides: { web: { links: ['$brooklyn:component("nobody")'], env: { A: "$brooklyn:config(" } } } },
    ],
    [
      "secret values, which are never shown",
      `services:
- type: docker:web
  id: web
- type: org.apache.brooklyn.entity.nosql.redis.RedisStore
  id: redis
`,
      `clocker:overrides web.type error bad-image: type of service 'web' cannot be the secret value: it is not part of an image reference
  name an image as after \`docker pull\`: [registry[:port]/]repository[:tag][@digest]
clocker:overrides web.imageTag error bad-image: imageTag of service 'web' cannot be the secret value: it is not part of an image reference
  name an image as after \`docker pull\`: [registry[:port]/]repository[:tag][@digest]
clocker:overrides web.portBindings.80 error bad-port: the container port in portBindings of service 'web' needs a port from 1 to 65535, not the secret value
  write a map of host port to container port, e.g. { 80: 9090, 5353/udp: 53 }
clocker:overrides web.openPorts[0] error bad-port: openPorts of service 'web' needs a port from 1 to 65535, not the secret value
  write a port, a list of ports such as [8080, 53/udp], or a text such as "6379,80"
clocker:overrides web.location error bad-location: location of service 'web' cannot be the secret value
  write the name of a location of the stack's clocker:locations, e.g. my-docker-cloud
clocker:overrides web.links[0] error bad-link: links of service 'web' needs components, not the secret value
  write $brooklyn:component("id") for each, in a list or as values of a map of aliases
clocker:overrides web.env.A error unknown-function: a function of the secret value is unknown
  known functions: component, entity, self, parent, child, sibling, descendant, ancestor, root, scopeRoot, application, attributeWhenReady, config, sensor, entityId, location, formatString, regexReplacement, function.regexReplacement, urlEncode, literal, external
clocker:overrides web.env.B error expression-syntax: cannot read the expression in env.B of service 'web': the secret value is not well formed
  write $brooklyn:function("argument", ...); quote the whole value where it holds ': ', ' #' or stands in [ ] or { }
clocker:overrides web.env.C error unknown-service: no service has the id in the secret value
  services of this blueprint: 'redis' and 'web'
clocker:overrides web.env.D error unknown-scope: the secret value is not a valid scope
  use one of global, child, parent, sibling, descendant, ancestor, root, scopeRoot, this
clocker:overrides web.env.E error bad-format: cannot use the pattern of formatString: it is not a pattern of Java
  use the directives %s %d %x %f of Java, %% for a percent sign, and one argument for each
clocker:overrides web.containerName error bad-name: containerName of service 'web' needs a name, not the secret value
  use up to 63 letters, digits, hyphens, underscores and dots, beginning and ending with a letter or digit
clocker:overrides web.volumes[0] error bad-path: volumes of service 'web' needs absolute paths or volumes by name, not the secret value
  write a list of /same/path/on/both, /on/host:/in/container and name:/in/container, each with :ro behind it to protect it
clocker:overrides web.memory error bad-size: memory of service 'web' needs a size, not the secret value
  write bytes, or a size such as 512m or 2g; Docker takes no less than 6m`,
      {
        overrides: {
          web: {
            memory: "hunter2",
            openPorts: ["hunter2"],
            type: "docker:Hunter2",
            containerName: "hunter2/",
            portBindings: { "80": "hunter2" },
            volumes: ["hunter2"],
            location: "hunter2/",
            imageTag: "hunter2!",
            links: ["hunter2"],
            env: {
              A: "$brooklyn:hunter2()",
              B: "$brooklyn:config(hunter2",
              C: '$brooklyn:component("hunter2")',
              D: '$brooklyn:component("hunter2","x")',
              E: '$brooklyn:formatString("hunter2 %y")',
            },
          },
        },
        overridesSecret: true,
      },
    ],
  ])("tells %s", (_claim, text, expected, options) => {
    expect(diagnose(text, options)).toBe(expected);
  });
});
