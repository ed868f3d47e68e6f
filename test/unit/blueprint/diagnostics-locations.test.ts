import { describe, expect, it } from "vitest";
import { type Case, diagnose, serviceOf } from "./diagnose";

describe("locations", () => {
  it.each<Case>([
    [
      "both keys that differ",
      `location: a
locations: [b]
services:
- type: docker:web
`,
      `app.yaml:2:1 error conflicting-locations: location of the application and its locations differ
  keep one of the two keys`,
    ],
    [
      "a list under location",
      `services:
- type: docker:web
  id: web
  location: [a, b]
`,
      `app.yaml:4:13 error bad-type: location of service 'web' needs one name, not a list
  write \`location: name\`, or name the key \`locations\``,
    ],
    [
      "a spec of jclouds",
      `services:
- type: docker:web
  id: web
  location: jclouds:aws-ec2
`,
      `app.yaml:4:13 error inline-location: location of service 'web' describes a cloud in the blueprint: 'jclouds:aws-ec2'
  describe it under clocker:locations of the stack and write its name here`,
    ],
    [
      "a spec with parameters",
      `services:
- type: docker:web
  id: web
  location: localhost(user=me)
`,
      `app.yaml:4:13 error inline-location: location of service 'web' describes a cloud in the blueprint: 'localhost(user=me)'
  describe it under clocker:locations of the stack and write its name here`,
    ],
    [
      "a spec with flags",
      `services:
- type: docker:web
  id: web
  locations:
  - byon:
      hosts: [198.18.0.1]
`,
      `app.yaml:5:5 error inline-location: locations of service 'web' describes a cloud in the blueprint: 'byon'
  describe it under clocker:locations of the stack and write its name here`,
    ],
    [
      "a host of a location",
      `services:
- type: docker:web
  id: web
  location: my-docker-cloud/host1
`,
      `app.yaml:4:13 error bad-location: location of service 'web' cannot be 'my-docker-cloud/host1'
  write the name of a location of the stack's clocker:locations, e.g. my-docker-cloud`,
    ],
  ])("tells %s", (_claim, text, expected, options) => {
    expect(diagnose(text, options)).toBe(expected);
  });

  it.each(["docker", "localhost", "mesos", "named:docker"])("may be called %s as Brooklyn's specs are", (name) => {
    const { locations } = serviceOf(`location: ${name}`);
    expect(locations.map((location) => location.name)).toEqual([name.replace("named:", "")]);
  });
});
