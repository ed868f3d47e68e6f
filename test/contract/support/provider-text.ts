import * as pulumi from "@pulumi/pulumi";
import type { Kind } from "../../../providers/handlers";
import { ClockerResource } from "../../../providers/runtime/resource";

class Probe extends ClockerResource {
  constructor(kind: Kind, name: string) {
    super(kind, name, {});
  }
}

/** What the engine stores as `__provider` of a resource of this kind, and its type. */
export async function providerText(kind: Kind): Promise<{ text: string; type: string }> {
  const name = `probe-${kind}`;
  return new Promise((resolve, reject) => {
    pulumi.runtime
      .setMocks(
        {
          call: () => ({}),
          newResource: ({ type, name: registered, inputs }) => {
            if (registered === name) resolve({ text: inputs["__provider"], type });
            return { id: registered, state: inputs };
          },
        },
        "clocker",
        "test",
      )
      .then(() => new Probe(kind, name))
      .catch(reject);
  });
}
