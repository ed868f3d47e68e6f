import { Client } from "ssh2";
import type { Ran } from "../../support/run-inside";
import type { Stack } from "./stack";

interface State {
  readonly deployment: {
    readonly resources: { readonly urn: string; readonly outputs?: Record<string, unknown> }[];
  };
}

/** A virtual machine of a stack, reached over SSH with the key that the stack generated. */
export class Machine {
  private constructor(
    private readonly address: string,
    private readonly privateKey: string,
  ) {}

  static async of(stack: Stack, service: string): Promise<Machine> {
    const state = JSON.parse(await stack.must(["stack", "export", "--show-secrets"])) as State;
    const key = state.deployment.resources.find(
      ({ urn }) => urn.endsWith(`::${service}-key`) && urn.includes("SshKey"),
    );
    const secret = key?.outputs?.["privateKey"];
    const privateKey =
      typeof secret === "object" && secret !== null && "plaintext" in secret
        ? (JSON.parse(String(secret.plaintext)) as string)
        : String(secret);
    const { services } = await stack.outputs();
    return new Machine(services[service]?.address ?? "", privateKey);
  }

  run(command: string): Promise<Ran> {
    return new Promise((resolve, reject) => {
      const client = new Client();
      let output = "";
      // Not only the first: a machine that goes down may break a connection twice.
      client.on("error", reject);
      client.once("ready", () =>
        client.exec(command, (error, stream) => {
          if (error) {
            reject(error);
            return;
          }
          stream.on("data", (data: Buffer) => {
            output += data.toString();
          });
          stream.stderr.on("data", (data: Buffer) => {
            output += data.toString();
          });
          stream.once("close", (exitCode: number) => {
            client.end();
            resolve({ exitCode, output });
          });
        }),
      );
      client.connect({ host: this.address, username: "debian", privateKey: this.privateKey, readyTimeout: 30_000 });
    });
  }
}
