import { describe, expect, test } from "vitest";
import { parseBlueprint } from "../../../blueprint/parse";

const TOMCAT = "org.apache.brooklyn.entity.webapp.tomcat.TomcatServer";
const NODE = "org.apache.brooklyn.entity.webapp.nodejs.NodeJsWebAppService";
const NGINX = "org.apache.brooklyn.entity.proxy.nginx.NginxController";

function parse(type: string, config: object) {
  const service = { type, id: "web", location: "here", "brooklyn.config": config };
  return parseBlueprint(JSON.stringify({ services: [service] }), "app.json");
}

/** The setting as scripts find it. */
function setting(type: string, config: object, key: string) {
  const { blueprint, diagnostics } = parse(type, config);
  expect(diagnostics).toEqual([]);
  const { workload } = blueprint?.services[0] ?? {};
  return workload?.kind === "software" ? workload.settings[key] : undefined;
}

const messages = (type: string, config: object) => parse(type, config).diagnostics.map(({ message }) => message);

describe("what web software is told", () => {
  test("a list is one text a line, a map one name and text a line", () => {
    const [one, two] = ["http://files/one.war", "http://files/two.war"];
    expect(setting(TOMCAT, { "wars.named": [one, two] }, "wars.named")).toEqual({
      kind: "literal",
      value: `${one}\n${two}`,
    });
    expect(setting(TOMCAT, { warsByContext: { admin: one, "/": two } }, "wars.by.context")).toEqual({
      kind: "literal",
      value: `admin ${one}\n/ ${two}`,
    });
  });

  test("an address may be an expression", () => {
    const url = '$brooklyn:formatString("http://files/%s.war", "shop")';
    expect(setting(TOMCAT, { war: url }, "wars.root")).toBeDefined();
  });

  test.each([
    [
      { "wars.root": "classpath://shop.war" },
      "wars.root of service 'web' needs an address, not 'classpath://shop.war'",
    ],
    [{ "wars.named": ["/srv/shop.war"] }, "wars.named of service 'web' needs an address, not '/srv/shop.war'"],
    [
      { "wars.by.context": { shop: "file:///shop.war" } },
      "wars.by.context.shop of service 'web' needs an address, not 'file:///shop.war'",
    ],
    [{ "wars.named": "http://files/one.war" }, "wars.named of service 'web' needs a list, not 'http://files/one.war'"],
  ])("what nobody can fetch is refused: %j", (config, message) => {
    expect(messages(TOMCAT, config)).toEqual([message]);
  });

  test("a package of npm is one word", () => {
    const archive = { "nodejs.archive.url": "http://files/app.tar" };
    expect(messages(NODE, { ...archive, "nodejs.packages": ["express redis"] })).toEqual([
      "nodejs.packages of service 'web' needs a text without white space, not 'express redis'",
    ]);
  });

  test.each([
    [{}, "none of them"],
    [
      { gitRepoUrl: "https://git/app.git", archiveUrl: "http://files/app.tar" },
      "nodejs.gitRepo.url and nodejs.archive.url",
    ],
  ])("an application of Node.js comes from one place: %j", (config, found) => {
    expect(messages(NODE, config)).toEqual([
      `nodejs.gitRepo.url, nodejs.archive.url of service 'web' need exactly one value, and there is ${found}`,
    ]);
  });

  test("an archive of software that comes from packages alone is refused", () => {
    expect(messages(NGINX, { "download.url": "http://files/nginx.tar" })).toEqual([
      "download.url of service 'web' means nothing: nginx is installed from the distribution's packages",
    ]);
  });

  test("its sensors tell where it answers", () => {
    const { workload } = parse(TOMCAT, { "http.port": 8081 }).blueprint?.services[0] ?? {};
    expect(workload?.kind === "software" && workload.publishes).toMatchObject({
      "http.port": { value: 8081 },
      "main.uri": { url: "http://${address}:${port}/" },
      "webapp.url": { url: "http://${address}:${port}/" },
    });
  });
});
