import { describe, expect, it } from "vitest";
import { type Case, diagnose } from "./diagnose";

describe("values of keys", () => {
  it.each<Case>([
    [
      "an expression where a plain value has to be",
      `services:
- type: docker:web
  id: web
  openPorts: $brooklyn:config("port")
`,
      `app.yaml:4:14 error expression-not-allowed: openPorts of service 'web' cannot be an expression: it has to be known before anything is deployed
  write a port, a list of ports such as [8080, 53/udp], or a text such as "6379,80"`,
    ],
    [
      "ports out of range",
      `services:
- type: docker:web
  id: web
  openPorts: [0, 80, 65536, a]
`,
      `app.yaml:4:15 error bad-port: openPorts of service 'web' needs a port from 1 to 65535, not '0'
  write a port, a list of ports such as [8080, 53/udp], or a text such as "6379,80"
app.yaml:4:22 error bad-port: openPorts of service 'web' needs a port from 1 to 65535, not '65536'
  write a port, a list of ports such as [8080, 53/udp], or a text such as "6379,80"
app.yaml:4:29 error bad-port: openPorts of service 'web' needs a port from 1 to 65535, not 'a'
  write a port, a list of ports such as [8080, 53/udp], or a text such as "6379,80"`,
    ],
    [
      "ports in a text",
      `services:
- type: docker:web
  id: web
  openPorts: "80,x"
`,
      `app.yaml:4:14 error bad-port: openPorts of service 'web' needs a port from 1 to 65535, not 'x'
  write a port, a list of ports such as [8080, 53/udp], or a text such as "6379,80"`,
    ],
    [
      "ports as a map",
      `services:
- type: docker:web
  id: web
  openPorts: {80: 81}
`,
      `app.yaml:4:14 error bad-type: openPorts of service 'web' needs one or more ports, not a map
  write a port, a list of ports such as [8080, 53/udp], or a text such as "6379,80"`,
    ],
    [
      "directPorts beside portBindings",
      `services:
- type: docker:web
  id: web
  directPorts: 8080
  portBindings: {80: 9090}
`,
      `app.yaml:4:3 warning ignored-key: directPorts of service 'web' has no effect beside portBindings, as in Brooklyn
  add these ports to portBindings, e.g. { 8080: 8080 }, and remove the key`,
    ],
    [
      "portBindings as a list",
      `services:
- type: docker:web
  id: web
  portBindings: ["80:9090"]
`,
      `app.yaml:4:17 error bad-type: portBindings of service 'web' needs a map, not a list
  write a map of host port to container port, e.g. { 80: 9090, 5353/udp: 53 }`,
    ],
    [
      "a host port and a container port out of range",
      `services:
- type: docker:web
  id: web
  portBindings: {0: 80, 81: http}
`,
      `app.yaml:4:18 error bad-port: the host port in portBindings of service 'web' needs a port from 1 to 65535, not '0'
  write a map of host port to container port, e.g. { 80: 9090, 5353/udp: 53 }
app.yaml:4:29 error bad-port: the container port in portBindings of service 'web' needs a port from 1 to 65535, not 'http'
  write a map of host port to container port, e.g. { 80: 9090, 5353/udp: 53 }`,
    ],
    [
      "one host port twice",
      `services:
- type: docker:web
  id: web
  portBindings: {80: 9090, 080: 9091}
`,
      `app.yaml:4:28 error duplicate-port: portBindings of service 'web' binds the host port 80 twice, the second time as '080'
  give each container port a host port of its own`,
    ],
    [
      "env as a list",
      `services:
- type: docker:web
  id: web
  env: [A=b]
`,
      `app.yaml:4:8 error bad-type: env of service 'web' needs a map, not a list
  write a map of variables, e.g. { MODE: production }`,
    ],
    [
      "a variable that cannot be a name",
      `services:
- type: docker:web
  id: web
  env: {"A B": c}
`,
      `app.yaml:4:9 error bad-variable: env of service 'web' has the variable 'A B', which cannot be a name
  use letters, digits and underscores`,
    ],
    [
      "a variable that is a list",
      `services:
- type: docker:web
  id: web
  env: {A: [1]}
`,
      `app.yaml:4:12 error bad-type: env.A of service 'web' needs a single value, not a list
  write text, a number, true or false, or an expression that begins with $brooklyn:`,
    ],
    [
      "entrypoint and commands as texts",
      `services:
- type: docker:web
  id: web
  entrypoint: /run.sh
  commands: redis-server --port 1
`,
      `app.yaml:4:15 error bad-type: entrypoint of service 'web' needs a list, not '/run.sh'
  write a list of words, e.g. ["redis-server", "--appendonly", "yes"]
app.yaml:5:13 error bad-type: commands of service 'web' needs a list, not 'redis-server --port 1'
  write a list of words, e.g. ["redis-server", "--appendonly", "yes"]`,
    ],
    [
      "a container name with a slash",
      `services:
- type: docker:web
  id: web
  containerName: a/b
`,
      `app.yaml:4:18 error bad-name: containerName of service 'web' needs a name, not 'a/b'
  use up to 63 letters, digits, hyphens, underscores and dots, beginning and ending with a letter or digit`,
    ],
    [
      "volumes that are not absolute",
      `services:
- type: docker:web
  id: web
  volumes: [data, "/a:b"]
`,
      `app.yaml:4:13 error bad-path: volumes of service 'web' needs absolute paths or volumes by name, not 'data'
  write a list of /same/path/on/both, /on/host:/in/container and name:/in/container, each with :ro behind it to protect it
app.yaml:4:19 error bad-path: volumes of service 'web' needs absolute paths or volumes by name, not '/a:b'
  write a list of /same/path/on/both, /on/host:/in/container and name:/in/container, each with :ro behind it to protect it`,
    ],
    [
      "a volume mapping of an archive",
      `services:
- type: docker:web
  id: web
  volumeMappings: {"http://example.com/a.zip": /data}
`,
      `app.yaml:4:20 error unsupported-volume: volumeMappings of service 'web' needs paths of the host, not addresses to download, not 'http://example.com/a.zip'
  unpack the archive on the host and write the directory's path`,
    ],
    [
      "volume mappings as a list, volumesFrom as a text",
      `services:
- type: docker:web
  id: web
  volumeMappings: [/a]
  volumesFrom: data
`,
      `app.yaml:4:19 error bad-type: volumeMappings of service 'web' needs a map, not a list
  write a map of host path to container path, e.g. { /srv/data: /data }, or /data:ro to protect it
app.yaml:5:16 error bad-type: volumesFrom of service 'web' needs a list, not 'data'
  write a list of container names, e.g. [data]`,
    ],
    [
      "sizes and weights out of range",
      `services:
- type: docker:web
  id: web
  memory: 512
  cpuShares: 1
`,
      `app.yaml:4:11 error bad-size: memory of service 'web' needs at least 6 MiB in bytes, not '512'
  write bytes, or a size such as 512m or 2g; Docker takes no less than 6m
app.yaml:5:14 error bad-number: cpuShares of service 'web' needs a whole number from 2 to 262144, not '1'
  write a whole number from 2 to 262144`,
    ],
    [
      "a memory that is no size",
      `services:
- type: docker:web
  id: web
  memory: much
`,
      `app.yaml:4:11 error bad-size: memory of service 'web' needs a size, not 'much'
  write bytes, or a size such as 512m or 2g; Docker takes no less than 6m`,
    ],
    [
      "booleans that are none",
      `services:
- type: docker:web
  id: web
  privileged: maybe
  interactive: 1
`,
      `app.yaml:4:15 error bad-type: privileged of service 'web' needs true or false, not 'maybe'
  write true or false
app.yaml:5:16 error bad-type: interactive of service 'web' needs true or false, not '1'
  write true or false`,
    ],
    [
      "durations",
      `services:
- type: docker:a
  start.timeout: 300
- type: docker:b
  startTimeout: 10 parsecs
- type: docker:c
  start.timeout: 8d
`,
      `app.yaml:3:18 error bad-duration: start.timeout of service 'a' needs a duration between 1 second and 7 days, not '300'
  write a duration such as 90s, 10m or 1h; a bare number counts milliseconds
app.yaml:5:17 error bad-duration: startTimeout of service 'b' needs a duration, not '10 parsecs'
  write a duration such as 90s, 10m or 1h; a bare number counts milliseconds
app.yaml:7:18 error bad-duration: start.timeout of service 'c' needs a duration between 1 second and 7 days, not '8d'
  write a duration such as 90s, 10m or 1h; a bare number counts milliseconds`,
    ],
    [
      "a machine's properties",
      `services:
- type: docker:web
  id: web
  provisioning.properties: {minRam: lots, minCores: 0, minDisk: 0, osFamily: debian}
`,
      `app.yaml:4:37 error bad-size: provisioning.properties.minRam of service 'web' needs a size in MB, not 'lots'
  write a number of MB, or a size such as 2g
app.yaml:4:53 error bad-number: provisioning.properties.minCores of service 'web' needs a whole number from 1 to 1024, not '0'
  write a whole number from 1 to 1024
app.yaml:4:65 error bad-size: provisioning.properties.minDisk of service 'web' needs a size in GB, not '0'
  write a number of GB, or a size such as 2g
app.yaml:4:68 error unsupported-key: provisioning.properties of service 'web' has 'osFamily', which is not supported
  write minRam (MB, or 2g), minCores and minDisk (GB, or 20g); what else a machine needs is said in the stack's location`,
    ],
    [
      "a version, a port and an address of Redis",
      `services:
- type: java:org.apache.brooklyn.entity.nosql.redis.RedisStore
  install.version: latest please
  redis.port: 70000+
  download.url: ftp://example.com/\${version}
- type: org.apache.brooklyn.entity.nosql.redis.RedisStore
  download.url: ftp://example.com/\${version}
`,
      `app.yaml:3:20 error bad-version: install.version of service 'redis' needs a version, not 'latest please'
  write a version such as 3.0.0
app.yaml:4:15 error bad-port: redis.port of service 'redis' needs a TCP port from 1 to 65535, not '70000'
  write a port, or a range such as 6379+ or 6379-6399, of which the first is taken
app.yaml:5:17 error bad-url: download.url of service 'redis' needs an address, not 'ftp://example.com/\${version}'
  write an http:// or https:// address of an archive; \${version} stands for install.version
app.yaml:7:17 error bad-url: download.url of service 'redis-2' needs an address, not 'ftp://example.com/\${version}'
  write an http:// or https:// address of an archive; \${version} stands for install.version`,
    ],
    [
      "a service name that is a map",
      `services:
- type: docker:web
  id: web
  name: {a: b}
  description: [a]
`,
      `app.yaml:4:9 error bad-type: name of service 'web' needs a text, not a map
  write the service's name
app.yaml:5:16 error bad-type: description of service 'web' needs a text, not a list
  write a text`,
    ],
  ])("tells %s", (_claim, text, expected, options) => {
    expect(diagnose(text, options)).toBe(expected);
  });
});
