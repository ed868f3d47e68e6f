import { describe, expect, it } from "vitest";
import { diagnose, serviceOf } from "./diagnose";

const web = (keys: string) => `services:\n- type: docker:web\n  id: web\n${keys.replace(/^/gm, "  ")}`;

describe("brooklyn.flags", () => {
  it("are refused one by one, with the key to write", () => {
    expect(diagnose(web("brooklyn.flags: {env: {A: b}, mine: 1, hardwareId: small, none: }\n"))).toBe(
      `app.yaml:4:20 error unsupported-key: brooklyn.flags of service 'web' is not supported, here for 'env'
  write docker.container.environment under brooklyn.config
app.yaml:4:33 error unsupported-key: brooklyn.flags of service 'web' is not supported, here for 'mine'
  write mine under brooklyn.config
app.yaml:4:42 error unsupported-key: brooklyn.flags of service 'web' is not supported, here for 'hardwareId'
  write memory and cpuShares`,
    );
  });
});

describe("brooklyn.tags", () => {
  it("are labels, which labels of the same name replace", () => {
    const { container } = serviceOf("brooklyn.tags: [shop, team, 7]\nlabels: {team: red}");
    expect(container.labels).toEqual({ shop: "true", team: "red", "7": "true" });
  });

  it("that are no names are refused", () => {
    expect(diagnose(web("brooklyn.tags: [{a: b}, a b, clocker.service]\n"))).toBe(
      `app.yaml:4:19 error bad-tag: brooklyn.tags of service 'web' cannot have a map
  write texts of up to 128 letters, digits, dots, hyphens and underscores; what has a value too belongs in labels, e.g. { team: shop }
app.yaml:4:27 error bad-tag: brooklyn.tags of service 'web' cannot have 'a b'
  write texts of up to 128 letters, digits, dots, hyphens and underscores; what has a value too belongs in labels, e.g. { team: shop }
app.yaml:4:32 error reserved-label: brooklyn.tags of service 'web' has 'clocker.service': labels that begin with clocker. say whose a container is
  give the tag another name`,
    );
  });

  it("of what runs nothing are told to have no effect, unless there are none", () => {
    const told = diagnose(`brooklyn.tags: [a]
services:
- type: BasicApplication
  id: tier
  brooklyn.tags: [b]
  brooklyn.children: [{type: docker:web}]
- {type: docker:db, brooklyn.tags: []}
`);
    expect(told).toBe(`app.yaml:1:1 warning ignored-key: brooklyn.tags of the application has no effect
  write the tags on services: the application has nothing that could carry a label
app.yaml:5:3 warning ignored-key: brooklyn.tags of service 'tier' has no effect: it runs nothing that could carry a label
  write the tags on its children`);
  });
});
