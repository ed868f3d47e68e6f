import { request } from "node:http";

const TIME_LIMIT_MS = 5_000;

/**
 * Makes one call of the plugin protocol, as Docker does.
 * @throws Error if nobody answers within five seconds, or with the `Err` of the answer.
 */
export function callPlugin(socketPath: string, call: string, body: object = {}): Promise<Record<string, unknown>> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      { socketPath, path: `/${call}`, method: "POST", timeout: TIME_LIMIT_MS, agent: false },
      (response) => {
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (chunk: string) => {
          text += chunk;
        });
        response.on("error", reject);
        response.on("end", () => {
          const answer = JSON.parse(text) as Record<string, unknown>;
          if (response.statusCode === 200) resolve(answer);
          else reject(new Error(String(answer["Err"])));
        });
      },
    );
    outgoing.on("timeout", () => outgoing.destroy(new Error(`no answer at ${socketPath} within 5 seconds`)));
    outgoing.on("error", reject);
    outgoing.end(JSON.stringify(body));
  });
}
