import { expect, test } from "vitest";
import { place } from "../../../placement/place";
import { blueprintOf } from "../blueprint/diagnose";
import { settings } from "./blueprints";

test.each([
  ["docker:docks:h2", "docks/h2"],
  ["docker:docks", "docks/h1"],
  ["docker:docks:h9", "location 'docks' has no host 'h9', which service 'web' asks for"],
  ["marathon:tasks", "tasks/undefined"],
  ["mesos:tasks", "tasks/undefined"],
  ["docker:tasks:h1", "location 'tasks' of service 'web' is of type marathon, and 'docker:tasks' asks for docker"],
  ["marathon:docks", "location 'docks' of service 'web' is of type docker, and 'marathon:docks' asks for marathon"],
  ["mesos:machines", "location 'machines' of service 'web' is of type openstack, and 'mesos:machines' asks for mesos"],
  ["localhost", "location 'localhost' of service 'web' means this machine to Brooklyn, and clocker:locations has none"],
  ["aws-ec2", "location 'aws-ec2' of service 'web' means a cloud by its provider to Brooklyn"],
  ["softlayer", "location 'softlayer' of service 'web' means a cloud by its provider to Brooklyn"],
])("a service at %s goes to %s", (location, expected) => {
  const app = blueprintOf(`services: [{type: "docker:web:1", id: web, location: "${location}"}]`);
  const { plan, diagnostics } = place(app, settings({}), "dev");
  const [placed] = plan?.services ?? [];
  expect(placed ? `${placed.location}/${placed.host}` : diagnostics.map(({ message }) => message).join()).toContain(
    expected,
  );
});

test.each([
  ["marathon:docks", "write 'docks' alone if it is meant, or one of that type: tasks"],
  ["openstack-nova", "e.g. my-openstack: {type: openstack, authUrl"],
  [
    "google-compute-engine",
    "there are the types docker, marathon, mesos and openstack, and no other cloud; known locations: docks, machines, tasks",
  ],
  [
    "localhost",
    'e.g. my-hosts: {type: docker, hosts: {host-1: {url: "unix:///var/run/docker.sock", address: 127.0.0.1}}}',
  ],
])("of %s of the application, told once for all services, the remedy says what to write", (location, remedy) => {
  const services = '[{type: "docker:web:1", id: web}, {type: "docker:db:1", id: db}]';
  const { diagnostics } = place(blueprintOf(`location: "${location}"\nservices: ${services}`), settings({}), "dev");
  expect(diagnostics).toHaveLength(1);
  expect(diagnostics[0]?.remedy).toContain(remedy);
});
