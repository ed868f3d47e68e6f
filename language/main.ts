import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { languageDocument } from "./document";
import { entityFileSchema } from "./entity-schema";
import { blueprintSchema } from "./json-schema";

/** Writes what is derived from the tables of the language. */
const ROOT = join(__dirname, "..", "..");
writeFileSync(join(ROOT, "docs", "language.md"), languageDocument());
writeFileSync(join(ROOT, "docs", "entity.schema.json"), `${JSON.stringify(entityFileSchema(), undefined, 2)}\n`);
writeFileSync(join(ROOT, "docs", "blueprint.schema.json"), `${JSON.stringify(blueprintSchema(), undefined, 2)}\n`);
