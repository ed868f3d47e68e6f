import { describe, expect, it } from "vitest";
import { bomb, type Case, diagnose } from "./diagnose";

describe("what is not YAML, or more than a blueprint may hold", () => {
  it.each<Case>([
    [
      "an empty file",
      ``,
      `app.yaml:1:1 error empty-blueprint: the blueprint is empty
  write at least \`services:\` with one service`,
    ],
    [
      "a file of comments",
      `# nothing yet
`,
      `app.yaml:1:1 error empty-blueprint: the blueprint is empty
  write at least \`services:\` with one service`,
    ],
    [
      "a value that needs quotes",
      `name: a: b
`,
      `app.yaml:1:7 error yaml-syntax: cannot read the blueprint as YAML: nested mappings are not allowed in compact mappings
  a line holds one key and its value: quote a text that holds ': ' or ends in ':', and write a map that is a value on lines of its own, indented, or in braces`,
    ],
    [
      "a map that begins on the line of its key",
      `services:
- type: docker:web
  location: jclouds:openstack-nova:https://keystone.example.org:5000/v3/:
    identity: clerk
`,
      `app.yaml:3:13 error yaml-syntax: cannot read the blueprint as YAML: nested mappings are not allowed in compact mappings
  a line holds one key and its value: quote a text that holds ': ' or ends in ':', and write a map that is a value on lines of its own, indented, or in braces`,
    ],
    [
      "a tab as indentation",
      `services:
	- type: docker:web
`,
      `app.yaml:2:1 error yaml-syntax: cannot read the blueprint as YAML: tabs are not allowed as indentation
  correct the line; a value that holds ': ', ' #' or begins with a sign such as * & % @ has to be quoted`,
    ],
    [
      "a tag",
      `name: !secret x
services:
- type: docker:web
`,
      `app.yaml:1:7 error yaml-tag: cannot read the blueprint: unresolved tag: !secret
  remove the tag or directive; a blueprint holds text, numbers, booleans, lists and maps only`,
    ],
    [
      "two documents",
      `services:
- type: docker:web
---
services: []
`,
      `app.yaml:3:1 error several-documents: the file holds more than one YAML document
  keep one application a file: remove what follows the line '---'`,
    ],
    [
      "a key that is a list",
      `? [a]
: b
services:
- type: docker:web
`,
      `app.yaml:1:3 error bad-key: a key is empty or is itself a list or a map
  write a plain text before the colon; quote a key that holds special characters`,
    ],
    [
      "a key twice, numbers and text alike",
      `services:
- type: docker:web
  id: web
  portBindings:
    80: 9090
    "80": 9091
`,
      `app.yaml:6:5 error duplicate-key: the key '80' stands twice in one map, first on line 5
  remove one of the two`,
    ],
    [
      "an alias without an anchor",
      `services:
- type: docker:web
  id: web
  env: *nobody
`,
      `app.yaml:4:8 error unknown-anchor: the alias '*nobody' names no anchor
  put '&nobody' before the value that is meant, further up in the file`,
    ],
    [
      "an alias inside its own value",
      `services:
- type: docker:web
  id: web
  env: &loop
    A: *loop
`,
      `app.yaml:5:8 error recursive-alias: the alias '*loop' stands inside the value that it names
  remove the alias, or write the value out`,
    ],
    [
      "a merge key of a text",
      `services:
- type: docker:web
  id: web
  env:
    <<: text
`,
      `app.yaml:5:9 error bad-merge: the merge key '<<' can take in maps only
  give it an alias of a map, e.g. \`<<: *defaults\`, or a list of such aliases`,
    ],
    [
      "values nested beyond reason",
      "[".repeat(20_000),
      `app.yaml:1:1 error yaml-too-deep: cannot read the blueprint: its values are nested too deeply
  flatten the nested lists and maps`,
    ],
    [
      "aliases that multiply",
      bomb(),
      `app.yaml:1:1 error too-many-values: the blueprint has more than 100000 values once its aliases are written out
  use fewer aliases`,
    ],
    [
      "a list instead of keys",
      `- type: docker:web
`,
      `app.yaml:1:1 error bad-type: the blueprint needs keys such as services, not a list
  write at least \`services:\` with a list of services`,
    ],
  ])("tells %s", (_claim, text, expected, options) => {
    expect(diagnose(text, options)).toBe(expected);
  });
});
