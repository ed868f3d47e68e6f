import { ApiError } from "../model/errors";
import type { Json } from "../model/json";
import { JsonFault, JsonParser } from "./json-parser";

/** Parses a request body. Throws ApiError 400 in the words of Marathon's parser. */
export function parseJson(text: string): Json {
  if (text.trim() === "") {
    const details = `No content to map due to end-of-input\n at [Source: (byte[])"${text}"; line: 1, column: 0]`;
    throw new ApiError(400, { message: "Please specify data in JSON format", details });
  }
  try {
    return new JsonParser(text).parse();
  } catch (error) {
    if (!(error instanceof JsonFault)) throw error;
    throw new ApiError(400, { message: "Invalid JSON", details: error.message });
  }
}
