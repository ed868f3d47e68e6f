import { describe, expect, it } from "vitest";
import { type Case, diagnose } from "./diagnose";

describe("ids", () => {
  it.each<Case>([
    [
      "upper-case letters",
      `services:
- type: docker:web
  id: Web 1
`,
      `app.yaml:3:7 error bad-id: the id of service 1 cannot be 'Web 1': it becomes a part of names
  use lower-case letters, digits, hyphens and underscores, beginning and ending with a letter or digit, up to 63, e.g. 'web-1'`,
    ],
    [
      "one id twice",
      `services:
- type: docker:web
  id: web
- type: docker:db
  brooklyn.config: {camp.plan.id: web}
`,
      `app.yaml:5:35 error duplicate-id: two services have the id 'web', the first on line 3
  give each service an id of its own`,
    ],
  ])("tells %s", (_claim, text, expected, options) => {
    expect(diagnose(text, options)).toBe(expected);
  });

  it("are told where they cannot be read, though values are looked up from there", () => {
    const text =
      'services:\n- type: docker:web\n  id: {a: b}\n  env: {A: $brooklyn:config("x")}\n- type: docker:db\n  id: {a: b}\n';
    expect(diagnose(text)).toContain("app.yaml:3:7 error bad-id");
  });
});
