import { describe, expect, it } from "vitest";
import { type Case, diagnose } from "./diagnose";

describe("functions of the blueprint language", () => {
  it.each<Case>([
    [
      "an unknown function, near to one",
      `services:
- type: docker:web
  id: web
  env:
    A: $brooklyn:formatstring("a")
`,
      `app.yaml:5:18 error unknown-function: there is no function 'formatstring'
  did you mean formatString? known functions: component, entity, self, parent, child, sibling, descendant, ancestor, root, scopeRoot, application, attributeWhenReady, config, sensor, entityId, location, formatString, regexReplacement, function.regexReplacement, urlEncode, literal, external`,
    ],
    [
      "an unknown function, near to none",
      `services:
- type: docker:web
  id: web
  env:
    A: $brooklyn:template("a")
`,
      `app.yaml:5:18 error unknown-function: there is no function 'template'
  known functions: component, entity, self, parent, child, sibling, descendant, ancestor, root, scopeRoot, application, attributeWhenReady, config, sensor, entityId, location, formatString, regexReplacement, function.regexReplacement, urlEncode, literal, external`,
    ],
    [
      "an unknown service",
      `services:
- type: docker:web
  id: web
  env:
    A: $brooklyn:component("wep").config("a")
`,
      `app.yaml:5:18 error unknown-service: no service has the id 'wep'
  did you mean 'web'? services of this blueprint: 'web'`,
    ],
    [
      "an unknown scope",
      `services:
- type: docker:web
  id: web
  env:
    A: $brooklyn:component("cousin", "web").config("a")
`,
      `app.yaml:5:18 error unknown-scope: 'cousin' is not a valid scope
  use one of global, child, parent, sibling, descendant, ancestor, root, scopeRoot, this`,
    ],
    [
      "a scope that holds nobody",
      `services:
- type: docker:web
  id: web
  env:
    A: $brooklyn:component("child", "web2").config("a")
`,
      `app.yaml:5:18 error unknown-service: 'web2' is no child of service 'web'
  there are none; component("id") finds a service wherever it stands`,
    ],
    [
      "wrong arguments",
      `services:
- type: docker:web
  id: web
  env:
    A: $brooklyn:config()
    B: $brooklyn:attributeWhenReady("a", "b")
    C: $brooklyn:external("a")
    D: $brooklyn:component(1)
    E: $brooklyn:literal("a", "b")
    F: $brooklyn:sensor("a", "b", "c")
    G: $brooklyn:formatString(5)
    H: $brooklyn:formatString("%s", component("web"))
`,
      `app.yaml:5:18 error wrong-arguments: the function config cannot take the 0 arguments given
  write config("key"), with names as text in double quotes
app.yaml:6:18 error wrong-arguments: the function attributeWhenReady cannot take the 2 arguments given
  write attributeWhenReady("sensor"), with names as text in double quotes
app.yaml:7:18 error wrong-arguments: the function external cannot take the argument given
  write external("supplier", "key"), with names as text in double quotes
app.yaml:8:18 error wrong-arguments: the function component cannot take the argument given
  write component("id") or ("scope", "id"), with names as text in double quotes
app.yaml:9:18 error wrong-arguments: the function literal cannot take the 2 arguments given
  write literal(value), with names as text in double quotes
app.yaml:10:18 error wrong-arguments: the function sensor cannot take the 3 arguments given
  write sensor("name") or ("type", "name"), with names as text in double quotes
app.yaml:11:18 error wrong-arguments: the function formatString cannot take the argument given
  write formatString("pattern", arguments...), with names as text in double quotes
app.yaml:12:18 error wrong-arguments: the function formatString cannot take the 2 arguments given
  write formatString("pattern", arguments...), with names as text in double quotes`,
    ],
    [
      "components and sensors where a value is needed",
      `services:
- type: docker:web
  id: web
  env:
    A: $brooklyn:component("web")
    B: $brooklyn:sensor("x")
  commands:
  - $brooklyn:component("root", "")
`,
      `app.yaml:5:8 error not-a-value: env.A of service 'web' needs a value, and '$brooklyn:component("web")' gives a component
  take one of its values, e.g. component("id").attributeWhenReady("host.address") or component("id").config("key")
app.yaml:6:8 error not-a-value: env.B of service 'web' needs a value, and '$brooklyn:sensor("x")' gives a sensor
  read its value: component("id").attributeWhenReady("sensor"); the sensor itself stands in keys of enrichers, such as enricher.targetSensor
app.yaml:8:15 error wrong-arguments: the function component cannot take the 2 arguments given
  write component("id") or ("scope", "id"), with names as text in double quotes`,
    ],
    [
      "chains that lead nowhere",
      `services:
- type: docker:web
  id: web
  env:
    A: $brooklyn:literal("a").config("b")
    B: $brooklyn:component("web").formatString("b")
`,
      `app.yaml:5:31 error bad-chain: config is called on a value that is not a component
  only component, entity, self, parent, child, sibling, descendant, ancestor, root, scopeRoot, attributeWhenReady, config, sensor, entityId, location may follow component(...) after a dot
app.yaml:6:35 error bad-chain: formatString cannot be called on a component
  only component, entity, self, parent, child, sibling, descendant, ancestor, root, scopeRoot, attributeWhenReady, config, sensor, entityId, location may follow component(...) after a dot`,
    ],
    [
      "patterns",
      `services:
- type: docker:web
  id: web
  env:
    A: $brooklyn:formatString("%s %s", "a")
    B: $brooklyn:formatString("%y", "a")
    C: $brooklyn:formatString("100%")
    D: $brooklyn:formatString("%s", "a", "b")
    E: $brooklyn:formatString("%.2d", 1)
`,
      `app.yaml:5:18 error bad-format: cannot use the pattern of formatString: it needs 2 arguments and has 1
  use the directives %s %d %x %f of Java, %% for a percent sign, and one argument for each
app.yaml:6:18 error bad-format: cannot use the pattern of formatString: the directive '%y' is not supported
  use the directives %s %d %x %f of Java, %% for a percent sign, and one argument for each
app.yaml:7:18 error bad-format: cannot use the pattern of formatString: no directive after the '%' at character 4 of the pattern
  use the directives %s %d %x %f of Java, %% for a percent sign, and one argument for each
app.yaml:8:18 warning unused-argument: formatString has 2 arguments, of which its pattern uses 1
  remove the arguments that are not used, or add directives for them
app.yaml:9:18 error bad-format: cannot use the pattern of formatString: the directive '%.2d' cannot have a precision
  use the directives %s %d %x %f of Java, %% for a percent sign, and one argument for each`,
    ],
    [
      "configuration that nobody sets",
      `services:
- type: docker:web
  id: web
  env:
    A: $brooklyn:config("greting")
  brooklyn.config:
    greeting: hello
`,
      `app.yaml:5:18 error unknown-config-key: service 'web' has no configuration 'greting'
  did you mean 'greeting'? keys that are set: 'docker.image.name', 'docker.image.tag' and 'greeting'`,
    ],
    [
      "configuration that goes round",
      `services:
- type: docker:web
  id: web
  brooklyn.config:
    a: $brooklyn:config("b")
    b: $brooklyn:component("web").config("a")
`,
      `app.yaml:6:35 error config-cycle: configuration refers to itself in a circle: web.a -> web.b -> web.a
  write one of these values out`,
    ],
    [
      "a sensor of the application",
      `brooklyn.config:
  a: $brooklyn:attributeWhenReady("host.address")
services:
- type: docker:web
`,
      `app.yaml:2:16 error unsupported-reference: the application itself has no sensors
  name a service: component("id").attributeWhenReady("sensor"), or derive a sensor by brooklyn.enrichers`,
    ],
    [
      "a map form with two keys",
      `services:
- type: docker:web
  id: web
  env:
    A: {$brooklyn:config: a, b: c}
`,
      `app.yaml:5:8 error expression-syntax: cannot read the expression in env.A of service 'web': a map with a $brooklyn: key has other keys too
  keep the $brooklyn: key alone in its map`,
    ],
    [
      "a map form whose key has arguments",
      `services:
- type: docker:web
  id: web
  env:
    A: {'$brooklyn:config("a")': b}
`,
      `app.yaml:5:9 error expression-syntax: cannot read the expression in env.A of service 'web': the key '$brooklyn:config("a")' has arguments already
  put the expression in one text, or leave out the brackets in the key`,
    ],
    [
      "a map form with a map",
      `services:
- type: docker:web
  id: web
  env:
    A:
      $brooklyn:literal: {a: b}
`,
      `app.yaml:6:26 error wrong-arguments: the function literal in env.A of service 'web' cannot take a map as an argument
  write literal(value)`,
    ],
  ])("tells %s", (_claim, text, expected, options) => {
    expect(diagnose(text, options)).toBe(expected);
  });
});
