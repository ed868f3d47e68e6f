import { describe, expect, it } from "vitest";
import { type Case, diagnose } from "./diagnose";

describe("the syntax of expressions", () => {
  it.each<Case>([
    [
      "a bracket that is missing",
      `services:
- type: docker:web
  id: web
  env:
    A: $brooklyn:formatString("%s", config("b")
`,
      `app.yaml:5:48 error expression-syntax: cannot read the expression in env.A of service 'web': expected ',' or ')' after an argument of formatString but found the end of the text, at character 41 of '$brooklyn:formatString("%s", config("b")'
  write $brooklyn:function("argument", ...); quote the whole value where it holds ': ', ' #' or stands in [ ] or { }`,
    ],
    [
      "a quoted text, where the column is that of the file",
      `services:
- type: docker:web
  id: web
  env:
    A: '$brooklyn:config("b" "c")'
`,
      `app.yaml:5:30 error expression-syntax: cannot read the expression in env.A of service 'web': expected ',' or ')' after an argument of config but found a string, at character 22 of '$brooklyn:config("b" "c")'
  write $brooklyn:function("argument", ...); quote the whole value where it holds ': ', ' #' or stands in [ ] or { }`,
    ],
    [
      "a name without brackets",
      `services:
- type: docker:web
  id: web
  env:
    A: $brooklyn:config
`,
      `app.yaml:5:18 error missing-arguments: the function config stands without its arguments
  write config("key")`,
    ],
    [
      "text after the end",
      `services:
- type: docker:web
  id: web
  env:
    A: $brooklyn:config("a") b
`,
      `app.yaml:5:30 error expression-syntax: cannot read the expression in env.A of service 'web': expected the end of the text but found 'b', at character 23 of '$brooklyn:config("a") b'
  write $brooklyn:function("argument", ...); quote the whole value where it holds ': ', ' #' or stands in [ ] or { }`,
    ],
    [
      "single quotes",
      `services:
- type: docker:web
  id: web
  env:
    A: $brooklyn:config('a')
`,
      `app.yaml:5:25 error expression-syntax: cannot read the expression in env.A of service 'web': unexpected character '; strings stand in double quotes ("), at character 18 of '$brooklyn:config('a')'
  write $brooklyn:function("argument", ...); quote the whole value where it holds ': ', ' #' or stands in [ ] or { }`,
    ],
    [
      "a string without its end",
      `services:
- type: docker:web
  id: web
  env:
    A: $brooklyn:config("a)
`,
      `app.yaml:5:25 error expression-syntax: cannot read the expression in env.A of service 'web': a string is not closed: its last " is missing, at character 18 of '$brooklyn:config("a)'
  write $brooklyn:function("argument", ...); quote the whole value where it holds ': ', ' #' or stands in [ ] or { }`,
    ],
    [
      "an escape that is unknown",
      `services:
- type: docker:web
  id: web
  env:
    A: $brooklyn:config("\\q")
`,
      `app.yaml:5:26 error expression-syntax: cannot read the expression in env.A of service 'web': unknown escape \\q; use \\" \\\\ \\n \\t or \\r, at character 19 of '$brooklyn:config("\\q")'
  write $brooklyn:function("argument", ...); quote the whole value where it holds ': ', ' #' or stands in [ ] or { }`,
    ],
    [
      "no function",
      `services:
- type: docker:web
  id: web
  env:
    A: "$brooklyn:"
    B: $brooklyn:(1)
    C: $brooklyn:config(,)
`,
      `app.yaml:5:19 error expression-syntax: cannot read the expression in env.A of service 'web': no function name after '$brooklyn:', at character 11 of '$brooklyn:'
  write $brooklyn:function("argument", ...); quote the whole value where it holds ': ', ' #' or stands in [ ] or { }
app.yaml:6:18 error expression-syntax: cannot read the expression in env.B of service 'web': no function name after '$brooklyn:', at character 11 of '$brooklyn:(1)'
  write $brooklyn:function("argument", ...); quote the whole value where it holds ': ', ' #' or stands in [ ] or { }
app.yaml:7:25 error expression-syntax: cannot read the expression in env.C of service 'web': expected a function name or a value but found ',', at character 18 of '$brooklyn:config(,)'
  write $brooklyn:function("argument", ...); quote the whole value where it holds ': ', ' #' or stands in [ ] or { }`,
    ],
  ])("tells %s", (_claim, text, expected, options) => {
    expect(diagnose(text, options)).toBe(expected);
  });
});
