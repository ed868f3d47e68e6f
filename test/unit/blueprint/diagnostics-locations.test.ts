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
  describe it under clocker:locations of the stack and write its name here, or under location of the service in clocker:overrides; there are the types docker, marathon, mesos and openstack, and no other cloud`,
    ],
    [
      "a spec with parameters",
      `services:
- type: docker:web
  id: web
  location: localhost(user=me)
`,
      `app.yaml:4:13 error inline-location: location of service 'web' describes a cloud in the blueprint: 'localhost(user=me)'
  describe it under clocker:locations of the stack and write its name here, e.g. my-hosts: {type: docker, hosts: {host-1: {url: "unix:///var/run/docker.sock", address: 127.0.0.1}}}`,
    ],
    [
      "a spec with flags",
      `services:
- type: docker:web
  id: web
  locations:
  - byon:
      hosts: [198.18.0.1]
      minRam: 2g
      colour: red
`,
      `app.yaml:5:5 error inline-location: locations of service 'web' describes a cloud in the blueprint: 'byon'
  describe it under clocker:locations of the stack and write its name here, e.g. my-hosts: {type: docker, hosts: {host-1: {url: "ssh://user@address", address: address}}}
app.yaml:6:7 error inline-location: locations of service 'web' has the flag 'hosts' for 'byon'
  list each under hosts of a location of type docker, e.g. {host-1: {url: "ssh://user@address", address: address}}
app.yaml:7:7 error inline-location: locations of service 'web' has the flag 'minRam' for 'byon'
  write it in provisioning.properties of the service
app.yaml:8:7 error inline-location: locations of service 'web' has the flag 'colour' for 'byon'
  remove it: locations of the stack have no such setting`,
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

  it.each<[string, string]>([
    ['byon:(hosts="198.18.0.1")', "type: docker"],
    ["jclouds:openstack-nova:https://198.18.0.1:5000/v3", "type: openstack"],
    ['multi:(targets="a,b")', "each service runs in one"],
    ["server-pool:(name=a)", "several hosts"],
  ])("described as %s are told with what to write", (spec, remedy) => {
    const told = diagnose(`services:\n- {type: docker:web, location: '${spec}'}\n`);
    expect(told).toContain("error inline-location");
    expect(told).toContain(remedy);
  });

  it.each<[string, object]>([
    ["docker:my-docker-cloud", { name: "my-docker-cloud", type: "docker" }],
    ["docker:my-docker-cloud:host-2", { name: "my-docker-cloud", type: "docker", host: "host-2" }],
    ["mesos:my-mesos-cluster", { name: "my-mesos-cluster", type: "mesos" }],
    ["marathon:my-marathon", { name: "my-marathon", type: "marathon" }],
  ])("of Clocker, such as %s, are those that the stack has by that name", (spec, expected) => {
    const [{ at: _, ...reference } = { at: undefined }] = serviceOf(`location: ${spec}`).locations;
    expect(reference).toEqual(expected);
  });

  it("that are an empty list are none", () => {
    expect(serviceOf("locations: []").locations).toEqual([]);
  });

  it.each(["docker", "localhost", "mesos", "named:docker"])("may be called %s as Brooklyn's specs are", (name) => {
    const { locations } = serviceOf(`location: ${name}`);
    expect(locations.map((location) => location.name)).toEqual([name.replace("named:", "")]);
  });
});
