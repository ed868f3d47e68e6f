import { describe, expect, it } from "vitest";
import { type Case, diagnose } from "./diagnose";

describe("keys that are not supported", () => {
  it.each<Case>([
    [
      "structure that is not supported",
      `services:
- type: docker:web
  id: web
  brooklyn.flags: [a]
  brooklyn.catalog: {id: a}
`,
      `app.yaml:4:3 error unsupported-key: brooklyn.flags of service 'web' is not supported
  write its keys under brooklyn.config
app.yaml:5:3 error unsupported-key: brooklyn.catalog of service 'web' is not supported
  a service of a blueprint is not a catalog item; remove it`,
    ],
    [
      "keys of containers that are not supported",
      `services:
- type: docker:web
  id: web
  docker.container.nameFormat: a
  docker.container.spec: {type: a}
`,
      `app.yaml:4:3 error unsupported-key: docker.container.nameFormat of service 'web' is not supported
  write containerName
app.yaml:5:3 error unsupported-key: docker.container.spec of service 'web' is not supported
  write its keys on the service itself`,
    ],
    [
      "keys of SSH, whose values are not repeated",
      `services:
- type: docker:web
  id: web
  useSsh: true
  password: hunter2
`,
      `app.yaml:4:3 error unsupported-key: useSsh of service 'web' is not supported unless it is false
  containers are managed without SSH; remove the key
app.yaml:5:3 error unsupported-key: password of service 'web' is not supported
  containers are managed without SSH; remove the key`,
    ],
    [
      "keys of hosts and placement",
      `services:
- type: docker:web
  id: web
  hardwareId: small
  managed: false
  useHostDnsName: true
  docker.container.strategies: [a]
  docker.constraint.labels: [a]
  docker.constraint.hostname: a
  docker.constraint.exclusive: true
  affinity.rules: [a]
  network.list: [a]
  sdn.applicationNetwork.create: false
  docker.container.autoCheckpointImage: true
`,
      `app.yaml:4:3 error unsupported-key: hardwareId of service 'web' is not supported
  write memory and cpuShares
app.yaml:5:3 error unsupported-key: managed of service 'web' is not supported unless it is true
  remove it: every container of a blueprint is managed
app.yaml:6:3 error unsupported-key: useHostDnsName of service 'web' is not supported unless it is false
  write containerName for the container's host name
app.yaml:7:3 error unsupported-key: docker.container.strategies of service 'web' is not supported
  say in the stack's clocker:placement where the service goes, e.g. {web: my-docker-cloud/host-1}
app.yaml:8:3 error unsupported-key: docker.constraint.labels of service 'web' is not supported
  say in the stack's clocker:placement where the service goes, e.g. {web: my-docker-cloud/host-1}
app.yaml:9:3 error unsupported-key: docker.constraint.hostname of service 'web' is not supported
  say in the stack's clocker:placement where the service goes, e.g. {web: my-docker-cloud/host-1}
app.yaml:10:3 error unsupported-key: docker.constraint.exclusive of service 'web' is not supported
  say in the stack's clocker:placement where the service goes, e.g. {web: my-docker-cloud/host-1}
app.yaml:11:3 error unsupported-key: affinity.rules of service 'web' is not supported
  say in the stack's clocker:placement where the service goes, e.g. {web: my-docker-cloud/host-1}
app.yaml:12:3 error unsupported-key: network.list of service 'web' is not supported
  services of one application reach each other through links; remove the key
app.yaml:13:3 error unsupported-key: sdn.applicationNetwork.create of service 'web' is not supported unless it is true
  services of one application reach each other through links; remove the key
app.yaml:14:3 error unsupported-key: docker.container.autoCheckpointImage of service 'web' is not supported unless it is false
  build the image by dockerfileUrl, or name one in the type`,
    ],
    [
      "ports by other keys",
      `services:
- type: docker:web
  id: web
  docker.openPorts: '80'
  docker.directPorts: '80'
  openPorts.configKeys: [a]
`,
      `app.yaml:4:3 error unsupported-key: docker.openPorts of service 'web' is not supported
  write openPorts
app.yaml:5:3 error unsupported-key: docker.directPorts of service 'web' is not supported
  write directPorts
app.yaml:6:3 error unknown-key: service 'web' has the unknown key 'openPorts.configKeys'
  remove it, or put a value of your own, read by config("key"), under brooklyn.config`,
    ],
    [
      "phases, latches and files",
      `services:
- type: docker:web
  id: web
  install.skip: true
  entity.started: true
  stop.latch: true
  pre.stop.command: a
  files.runtime: {a: b}
  templates.install: {a: b}
`,
      `app.yaml:4:3 error unsupported-key: install.skip of service 'web' is not supported unless it is false
  the software is installed by its type; remove the key, or use an image that is prepared
app.yaml:5:3 error unsupported-key: entity.started of service 'web' is not supported unless it is false
  the software is installed by its type; remove the key, or use an image that is prepared
app.yaml:6:3 error unsupported-key: stop.latch of service 'web' is not supported
  there is no such phase; use launch.latch
app.yaml:7:3 error unsupported-key: pre.stop.command of service 'web' is not supported
  write checkRunning.command or stop.command of a VanillaSoftwareProcess
app.yaml:8:3 error unsupported-key: files.runtime of service 'web' is not supported
  put the files into the image
app.yaml:9:3 error unsupported-key: templates.install of service 'web' is not supported
  put the files into the image`,
    ],
    [
      "keys of software that are not supported",
      `services:
- type: org.apache.brooklyn.entity.nosql.redis.RedisStore
  redis.config.templateUrl: a
  install.dir: /a
  run.dir: /a
  children.startable.mode: a
  inboundPorts.configRegex: a
  requiredOpenLoginPorts: [22]
  openIptables: true
  stopIptables: true
`,
      `app.yaml:3:3 error unsupported-key: redis.config.templateUrl of service 'redis' is not supported
  the software is installed by its type; remove the key, or use an image that is prepared
app.yaml:4:3 error unsupported-key: install.dir of service 'redis' is not supported
  the software is installed by its type; remove the key, or use an image that is prepared
app.yaml:5:3 error unsupported-key: run.dir of service 'redis' is not supported
  the software is installed by its type; remove the key, or use an image that is prepared
app.yaml:6:3 error unsupported-key: children.startable.mode of service 'redis' is not supported
  it is not supported yet; remove it
app.yaml:7:3 error unsupported-key: inboundPorts.configRegex of service 'redis' is not supported
  list the ports in openPorts
app.yaml:8:3 error unsupported-key: requiredOpenLoginPorts of service 'redis' is not supported
  logins are opened by the location; remove it
app.yaml:9:3 error unsupported-key: openIptables of service 'redis' is not supported
  firewalls follow from links and ports; remove it
app.yaml:10:3 error unsupported-key: stopIptables of service 'redis' is not supported
  firewalls follow from links and ports; remove it`,
    ],
  ])("tells %s", (_claim, text, expected, options) => {
    expect(diagnose(text, options)).toBe(expected);
  });
});
