import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readBlueprint } from "../../../blueprint/read";

const folder = join(__dirname, "../../../examples");
const files = readdirSync(folder).filter((file) => file.endsWith(".yaml"));

const catalog = { paths: [join(folder, "catalog")] };

describe("the example blueprints", () => {
  it("are the talk's five and one with types of a catalog", () => expect(files).toHaveLength(6));

  it.each(files)("%s parses as it is, without any diagnostic", async (file) => {
    const { blueprint, diagnostics } = await readBlueprint(join(folder, file), { catalog });
    expect(diagnostics).toEqual([]);
    const text = JSON.stringify(blueprint, (key, value) => (key === "at" ? undefined : value), 2);
    expect(text.replaceAll(`${folder}/`, "")).toMatchSnapshot();
  });
});
