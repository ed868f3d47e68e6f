import { describe, expect, it } from "vitest";
import { type Case, diagnose } from "./diagnose";

describe("links", () => {
  it.each<Case>([
    [
      "a link to nobody",
      `services:
- type: docker:web
  id: web
  links: [$brooklyn:component("wev")]
`,
      `app.yaml:4:21 error unknown-link-target: no service has the id 'wev'
  did you mean 'web'? services of this blueprint: 'web'`,
    ],
    [
      "a link to itself",
      `services:
- type: docker:web
  id: web
  links: [$brooklyn:component("web")]
`,
      `app.yaml:4:11 error self-link: links of service 'web' links to the service itself
  remove the link: inside a container its own ports answer on localhost`,
    ],
    [
      "a link to the application",
      `id: shop
services:
- type: docker:web
  links: [$brooklyn:component("shop")]
`,
      `app.yaml:4:11 error bad-link: links of service 'web' cannot link to the application itself
  name a service: $brooklyn:component("id"); services of this blueprint: 'web'`,
    ],
    [
      "ids instead of components",
      `services:
- type: docker:web
  links: [db, other]
- type: docker:db
`,
      `app.yaml:3:11 error bad-link: links of service 'web' needs components, not 'db'
  write $brooklyn:component("db") for each, in a list or as values of a map of aliases
app.yaml:3:15 error bad-link: links of service 'web' needs components, not 'other'
  write $brooklyn:component("id") for each, in a list or as values of a map of aliases`,
    ],
    [
      "a value instead of a component",
      `services:
- type: docker:web
  links: {db: $brooklyn:component("db").config("docker.image.tag")}
- type: docker:db
`,
      `app.yaml:3:15 error bad-link: links of service 'web' cannot link to '$brooklyn:component("db").config("docker.image.tag")'
  name a service: $brooklyn:component("id"); services of this blueprint: 'db' and 'web'`,
    ],
    [
      "one alias twice",
      `services:
- type: docker:web
  links: [$brooklyn:component("db"), $brooklyn:entity("db")]
- type: docker:db
`,
      `app.yaml:3:38 error duplicate-link: links of service 'web' has two links with the alias 'db'
  remove one, or write links as a map that gives each its own alias`,
    ],
    [
      "an alias that cannot be a name",
      `services:
- type: docker:web
  links: {My DB: $brooklyn:component("db")}
- type: docker:db
`,
      `app.yaml:3:11 error bad-alias: an alias in links of service 'web' cannot be 'My DB': it becomes a part of names
  use lower-case letters, digits, hyphens and underscores, beginning and ending with a letter or digit, up to 63, e.g. 'my-db'`,
    ],
    [
      "a circle of links",
      `services:
- type: docker:a
  links: [$brooklyn:component("b")]
- type: docker:b
  links: [$brooklyn:component("c")]
- type: docker:c
  links: [$brooklyn:component("a")]
`,
      `app.yaml:7:11 error link-cycle: services wait for each other in a circle: a -> b -> c -> a
  remove one of these links or references: a service starts after those that it links to or reads`,
    ],
    [
      "a circle through a sensor, read by configuration",
      `services:
- type: docker:a
  links: [$brooklyn:component("b")]
- type: docker:b
  env:
    A: $brooklyn:formatString("http://%s", config("address"))
  brooklyn.config:
    address: $brooklyn:component("a").attributeWhenReady("host.address")
`,
      `app.yaml:6:44 error link-cycle: services wait for each other in a circle: a -> b -> a
  remove one of these links or references: a service starts after those that it links to or reads`,
    ],
    [
      "a circle through volumes",
      `services:
- type: docker:a
  containerName: data
  links: [$brooklyn:component("b")]
- type: docker:b
  volumesFrom: [data]
`,
      `app.yaml:5:3 error link-cycle: services wait for each other in a circle: a -> b -> a
  remove one of these links or references: a service starts after those that it links to or reads`,
    ],
  ])("tells %s", (_claim, text, expected, options) => {
    expect(diagnose(text, options)).toBe(expected);
  });
});
