import { describe, expect, it } from "vitest";
import { type Case, diagnose } from "./diagnose";

describe("keys of a service", () => {
  it.each<Case>([
    [
      "an unknown key, near to one",
      `services:
- type: docker:web
  id: web
  openport: 80
`,
      `app.yaml:4:3 error unknown-key: service 'web' has the unknown key 'openport'
  did you mean 'openPorts'?`,
    ],
    [
      "an unknown key, near to none",
      `services:
- type: docker:web
  id: web
  greeting: hello
`,
      `app.yaml:4:3 error unknown-key: service 'web' has the unknown key 'greeting'
  remove it, or put a value of your own, read by config("key"), under brooklyn.config`,
    ],
    [
      "a key under two spellings",
      `services:
- type: docker:web
  id: web
  openPorts: 80
  docker.container.openPorts: 81
`,
      `app.yaml:5:3 error duplicate-key: docker.container.openPorts of service 'web' is given twice, first as openPorts
  keep one of 'docker.container.openPorts' and 'openPorts'`,
    ],
    [
      "a key that brooklyn.config has too",
      `services:
- type: docker:web
  id: web
  openPorts: 80
  brooklyn.config:
    openPorts: 81
`,
      `app.yaml:4:3 warning shadowed-key: openPorts of service 'web' has no effect: openPorts in brooklyn.config wins
  keep one of the two`,
    ],
    [
      "a misspelling in brooklyn.config",
      `services:
- type: docker:web
  id: web
  brooklyn.config:
    docker.container.openPort: 80
`,
      `app.yaml:5:5 warning possible-misspelling: brooklyn.config of service 'web' has the key 'docker.container.openPort', which no type knows
  did you mean 'docker.container.openPorts'? A key of your own is read by config("docker.container.openPort")`,
    ],
    [
      "a list of the user's own in brooklyn.config",
      `services:
- type: docker:web
  id: web
  brooklyn.config:
    mine: [1, 2]
`,
      `app.yaml:5:11 error bad-type: brooklyn.config.mine of service 'web' needs a single value, not a list
  write text, a number, true or false, or an expression that begins with $brooklyn:`,
    ],
    [
      "brooklyn.config as a text",
      `services:
- type: docker:web
  id: web
  brooklyn.config: x
`,
      `app.yaml:4:20 error bad-type: brooklyn.config of service 'web' needs a map, not 'x'
  write keys and values, one a line`,
    ],
    [
      "a key without effect",
      `services:
- type: docker:web
  id: web
  characteristics: [a]
`,
      `app.yaml:4:3 warning ignored-key: characteristics of service 'web' has no effect
  Brooklyn ignores it too; remove it`,
    ],
    [
      "a key of another type",
      `services:
- type: docker:web
  id: web
  install.version: 3.0.0
`,
      `app.yaml:4:3 error misplaced-key: install.version of service 'web' means nothing to its type docker:image[:tag]
  remove the key, or give the service another type`,
    ],
    [
      "an image key on software",
      `services:
- type: org.apache.brooklyn.entity.nosql.redis.RedisStore
  commands: [a]
`,
      `app.yaml:3:3 error misplaced-key: commands of service 'redis' means nothing to its type org.apache.brooklyn.entity.nosql.redis.RedisStore
  remove the key, or give the service another type`,
    ],
  ])("tells %s", (_claim, text, expected, options) => {
    expect(diagnose(text, options)).toBe(expected);
  });
});
