import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { MarathonStack } from "../support/marathon-stack";
import type { PulumiProject } from "../support/pulumi";

const blueprint = `
id: shop
location: mesos
services:
  - type: docker:example/cache:1
    id: cache
    openPorts: 31500
    directPorts: 31500
    commands: [serve]
    start.timeout: 60s
  - type: docker:example/web:1
    id: web
    openPorts: 8080
    env:
      CACHE: $brooklyn:component("cache").attributeWhenReady("mapped.docker.port.31500")
    links:
      - $brooklyn:component("cache")
`;

const REPAIR = [
  ["update", "cache-app"],
  ["create", "web-app"],
];

interface Outputs {
  readonly services: { readonly cache: { readonly address: string } };
}

interface WebApp {
  readonly env: Readonly<Record<string, string>>;
  readonly container: { readonly docker: { readonly parameters: readonly unknown[] } };
}

describe("a service whose Marathon task fails, under the real engine", () => {
  let stack: MarathonStack;
  let url: string;
  let project: PulumiProject;

  beforeAll(async () => {
    stack = await MarathonStack.start({ main: "bin/index.js", files: { "blueprint.yaml": blueprint } });
    ({ url, project } = stack);
    await project.setConfig("clocker:blueprint", "blueprint.yaml");
  });

  afterAll(async () => {
    await stack?.stop();
  });

  test("fails with the task's reason, and is an update to repair even when a refresh has forgotten the failure", async () => {
    await overrideCache({ commands: ["sh", "-c", "exit 1"], "start.timeout": "8s" });
    const { code, stdout, stderr } = await project.up({ allowFailure: true });
    expect(code).not.toBe(0);
    expect(stdout + stderr).toMatch(/not up within 8 s: .*Command exited with status 1/);
    await project.refresh();
    expect(await changes()).toEqual(REPAIR);
  });

  test("is named without a stack trace by an update of others, whose preview plans them with an unknown address", async () => {
    const targets = ["--target", "**::web", "--target", "**::web-app"];
    const { stdout: planned } = await project.run(["preview", "--diff", ...targets]);
    // How many addresses the target will have is as unknown as they are.
    expect(planned).toMatch(/parameters: \[unknown\]/);
    const { code, stdout, stderr } = await project.run(["up", "--yes", "--skip-preview", ...targets], {
      allowFailure: true,
    });
    expect(code).not.toBe(0);
    expect(stdout + stderr).toContain("cannot link 'cache' to service 'cache': it has no address");
    expect(stdout + stderr).not.toMatch(/unhandled exception|^\s+at .*:\d+/m);
  });

  test("is repaired by the next up, and then those that link to it get its address", async () => {
    await overrideCache({});
    expect(await changes()).toEqual(REPAIR);
    await project.up();
    const { address } = ((await project.outputs()) as unknown as Outputs).services.cache;
    expect(address).toMatch(/^127\.0\.1\.\d$/);
    const { app } = (await (await fetch(`${url}/v2/apps/clocker/shop-test/web`)).json()) as { app: WebApp };
    expect(app.container.docker.parameters).toContainEqual({ key: "add-host", value: `cache:${address}` });
    expect(app.env).toMatchObject({ CACHE: `${address}:31500` });
    await project.expectNoChanges();
  });

  async function overrideCache(keys: Readonly<Record<string, unknown>>): Promise<void> {
    await project.setConfig("clocker:overrides", JSON.stringify({ cache: keys }));
  }

  /** What a preview would do to the apps. */
  async function changes(): Promise<(string | undefined)[][]> {
    const { steps } = await project.preview();
    return steps
      .filter(({ op, urn }) => op !== "same" && urn.endsWith("-app"))
      .map(({ op, urn }) => [op, urn.split("::").at(-1)]);
  }
});
