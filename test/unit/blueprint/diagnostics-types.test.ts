import { describe, expect, it } from "vitest";
import { type Case, diagnose } from "./diagnose";

describe("types and images", () => {
  it.each<Case>([
    [
      "no type",
      `services:
- id: web
`,
      `app.yaml:2:3 error missing-type: service 'web' has no type
  write \`type:\` with docker:image[:tag] or a type of software that docs/language.md lists, e.g. RedisStore`,
    ],
    [
      "a type of Brooklyn that is not there",
      `services:
- type: org.apache.brooklyn.entity.nosql.cassandra.CassandraNode
`,
      `app.yaml:2:9 error unsupported-type: service 'service' has the type 'org.apache.brooklyn.entity.nosql.cassandra.CassandraNode': a Java class, and no Java runs here
  use docker:image[:tag] or a type of software that docs/language.md lists, e.g. RedisStore`,
    ],
    [
      "a misspelt type of software",
      `services:
- type: org.apache.brooklyn.entity.nosql.redis.RedisStor
`,
      `app.yaml:2:9 error unsupported-type: service 'service' has the type 'org.apache.brooklyn.entity.nosql.redis.RedisStor': a Java class, and no Java runs here
  did you mean 'org.apache.brooklyn.entity.nosql.redis.RedisStore'? use docker:image[:tag] or a type of software that docs/language.md lists, e.g. RedisStore`,
    ],
    [
      "a chef cookbook",
      `services:
- serviceType: chef:nginx
`,
      `app.yaml:2:16 error unsupported-type: service 'service' has the type 'chef:nginx': a Chef cookbook, and Chef does not run here
  use docker:image[:tag] or a type of software that docs/language.md lists, e.g. RedisStore`,
    ],
    [
      "upper case in an image",
      `services:
- type: docker:Web
`,
      `app.yaml:2:9 error bad-image: type of service 'web' cannot be 'docker:Web': 'Web' is not a part of an image name: lower-case letters and digits, with . _ __ or - between them
  name an image as after \`docker pull\`: [registry[:port]/]repository[:tag][@digest]`,
    ],
    [
      "an image without a name",
      `services:
- type: 'docker:'
`,
      `app.yaml:2:9 error bad-image: type of service 'service' cannot be 'docker:': its name is empty
  name an image as after \`docker pull\`: [registry[:port]/]repository[:tag][@digest]`,
    ],
    [
      "a short digest",
      `services:
- type: docker:web@sha256:12
`,
      `app.yaml:2:9 error bad-image: type of service 'web' cannot be 'docker:web@sha256:12': its digest is not 'sha256:' and 64 hexadecimal digits
  name an image as after \`docker pull\`: [registry[:port]/]repository[:tag][@digest]`,
    ],
    [
      "a tag that cannot be",
      `services:
- type: docker:web:-1
`,
      `app.yaml:2:9 error bad-image: type of service 'web' cannot be 'docker:web:-1': '-1' is not a tag: up to 128 letters, digits, _ . -, not beginning with . or -
  name an image as after \`docker pull\`: [registry[:port]/]repository[:tag][@digest]`,
    ],
    [
      "a registry port out of range",
      `services:
- type: docker:localhost:99999/web
`,
      `app.yaml:2:9 error bad-image: type of service 'web' cannot be 'docker:localhost:99999/web': 'localhost:99999' is not a registry, host or host:port
  name an image as after \`docker pull\`: [registry[:port]/]repository[:tag][@digest]`,
    ],
    [
      "an image name with a tag",
      `services:
- type: docker:web
  id: web
  imageName: web:2
`,
      `app.yaml:4:14 error bad-image: imageName of service 'web' cannot be 'web:2': it has a tag or a digest
  name an image as after \`docker pull\`: [registry[:port]/]repository[:tag][@digest]`,
    ],
    [
      "a bad tag",
      `services:
- type: docker:web
  id: web
  imageTag: a b
`,
      `app.yaml:4:13 error bad-image: imageTag of service 'web' cannot be 'a b': 'a b' is not a tag: up to 128 letters, digits, _ . -, not beginning with . or -
  name an image as after \`docker pull\`: [registry[:port]/]repository[:tag][@digest]`,
    ],
    [
      "two registries",
      `services:
- type: docker:localhost:5000/web
  docker.registry.url: localhost:5001
`,
      `app.yaml:3:24 error bad-image: docker.registry.url of service 'web' cannot be 'localhost:5001': the image names a registry itself
  name an image as after \`docker pull\`: [registry[:port]/]repository[:tag][@digest]`,
    ],
    [
      "a registry that is none",
      `services:
- type: docker:web
  id: web
  docker.registry.url: https://registry example
`,
      `app.yaml:4:24 error bad-image: docker.registry.url of service 'web' cannot be 'https://registry example': 'registry example' is not a part of an image name: lower-case letters and digits, with . _ __ or - between them
  name an image as after \`docker pull\`: [registry[:port]/]repository[:tag][@digest]`,
    ],
  ])("tells %s", (_claim, text, expected, options) => {
    expect(diagnose(text, options)).toBe(expected);
  });
});
