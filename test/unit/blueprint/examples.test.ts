import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readBlueprint } from "../../../blueprint/read";

const folder = join(__dirname, "../../../examples");
const files = readdirSync(folder).filter((file) => file.endsWith(".yaml"));

describe("the blueprints of the talk", () => {
  it("are five", () => expect(files).toHaveLength(5));

  it.each(files)("%s parses as it is, without any diagnostic", async (file) => {
    const { blueprint, diagnostics } = await readBlueprint(join(folder, file));
    expect(diagnostics).toEqual([]);
    const text = JSON.stringify(blueprint, (key, value) => (key === "at" ? undefined : value), 2);
    expect(text.replaceAll(`${folder}/`, "")).toMatchSnapshot();
  });
});
