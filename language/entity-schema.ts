import { z } from "zod";
import { entitySchema } from "../blueprint/entity/schema";

/** The JSON Schema (draft 2020-12) of the files in `entities/`, for editors. */
export function entityFileSchema(): object {
  return { title: "Entity type of Clocker", ...z.toJSONSchema(entitySchema, { io: "input" }) };
}
