import type { Readable } from "node:stream";

/** The `data` of each server-sent event. */
export async function* serverSentData(stream: Readable): AsyncGenerator<string> {
  let rest = "";
  let data: string[] = [];
  for await (const chunk of stream.setEncoding("utf8")) {
    const lines = (rest + chunk).split(/\r\n|\n|\r/);
    rest = lines.pop() ?? "";
    for (const line of lines) {
      if (line.startsWith("data:")) data.push(line.slice(5).replace(/^ /, ""));
      if (line === "" && data.length > 0) {
        yield data.join("\n");
        data = [];
      }
    }
  }
}
