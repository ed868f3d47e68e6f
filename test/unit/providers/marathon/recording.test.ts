import { beforeAll, describe, expect, test, vi } from "vitest";
import type { AppDefinition } from "../../../../providers/marathon/api";
import { check } from "../../../../providers/marathon/app-check";
import { definitionOf } from "../../../../providers/marathon/reconcile";
import { acceptedApps, owned, refusedApps, type SentApp } from "./recorded";

/** What no look at the definition alone can tell, by what the server says of it. */
const TOLD_BY_THE_SERVER: readonly [RegExp, string][] = [
  [/^Feature \w+ is not enabled/, "features are a setting of the server"],
  [/requires the secrets feature to be enabled$/, "features are a setting of the server"],
  [/^Network name must be specified/, "the default network is a setting of the server"],
  [/^Groups and Applications may not have the same identifier/, "other groups are in the way"],
  [/^Applications and Pods may not share the same id/, "another pod is in the way"],
];

/** What the provider mends: these are sent as texts. */
const MENDED = [/^\/(env|labels)\/\w+ error\.expected\.js(object|string)$/];

beforeAll(() => {
  vi.spyOn(console, "log").mockImplementation(() => undefined);
});

async function checked({ id, definition }: SentApp) {
  const app = owned(definition);
  const { inputs, failures } = await check({}, { location: "mesos", appId: id, app });
  return { wanted: inputs["app"] as AppDefinition, failures };
}

function complaints({ row }: SentApp): string[] {
  const { details } = row.response.body as { details?: { path: string; errors: string[] }[] };
  return (Array.isArray(details) ? details : []).flatMap(({ path, errors }) =>
    errors.map((error) => (error.startsWith("error.") ? `${path} ${error}` : error)),
  );
}

describe("a definition that the recorded Marathon accepted", () => {
  test("is accepted by check", async () => {
    const sent = await acceptedApps();
    expect(sent.length).toBeGreaterThan(130);
    for (const app of sent) expect({ row: app.row.id, ...(await checked(app)) }).toMatchObject({ failures: [] });
  });

  test("comes back as it was written, so that a preview after a refresh finds nothing", async () => {
    const shown = (await acceptedApps()).flatMap((app) => app.shown.map((live) => ({ app, live })));
    expect(shown.length).toBeGreaterThan(250);
    for (const { app, live } of shown) {
      const { wanted } = await checked(app);
      const seen = definitionOf(owned(live), wanted);
      expect({ row: app.row.id, app: seen }).toEqual({ row: app.row.id, app: wanted });
    }
  });

  test("is checked to the same definition a second time", async () => {
    for (const app of await acceptedApps()) {
      const { wanted } = await checked(app);
      expect(await checked({ ...app, definition: wanted as never })).toEqual({ wanted, failures: [] });
    }
  });
});

describe("a definition that the recorded Marathon refused", () => {
  test("is refused by check, unless only the server can tell", async () => {
    const sent = await refusedApps();
    const counts = { refused: 0, mended: 0, told: 0 };
    for (const app of sent) {
      const { failures } = await checked(app);
      if (failures.length > 0) {
        counts.refused++;
        expect(failures.every(({ reason }) => reason.length > 0)).toBe(true);
        continue;
      }
      const errors = complaints(app);
      expect(errors, app.row.id).not.toEqual([]);
      if (errors.every((error) => MENDED.some((pattern) => pattern.test(error)))) counts.mended++;
      else {
        counts.told++;
        for (const error of errors)
          expect(
            TOLD_BY_THE_SERVER.some(([pattern]) => pattern.test(error)),
            `${app.row.id}: ${error}`,
          ).toBe(true);
      }
    }
    expect(counts.refused).toBeGreaterThan(80);
    expect(counts).toMatchObject({ mended: 3, told: 7 });
  });
});
