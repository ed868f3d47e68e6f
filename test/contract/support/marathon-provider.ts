import { expect } from "vitest";
import type { Kind } from "../../../providers/handlers";
import type { Properties } from "../../../providers/runtime/handler";
import { MarathonServer } from "../../../sandbox/marathon/server";
import { QUICK } from "../../support/marathon";
import { type CallFailure, DynamicProvider } from "./dynamic-provider";
import { FaultyProxy } from "./faulty-proxy";
import { providerText } from "./provider-text";

interface Credentials {
  readonly user: string;
  readonly password: string;
}

interface Options {
  /** What Marathon asks for; nothing unless given. */
  readonly credentials?: Credentials;
  /** Marathon's `--enable_features`. */
  readonly features?: readonly string[];
}

/** The provider of one kind, whose location `mesos` is a simulated Marathon behind a proxy. */
export class MarathonProvider {
  private constructor(
    private readonly marathon: MarathonServer,
    readonly direct: string,
    readonly proxy: FaultyProxy,
    readonly provider: DynamicProvider,
    /** The provider's text in the state. */
    readonly text: string,
    private readonly credentials?: Credentials,
  ) {}

  static async start(kind: Kind, { credentials, features = [] }: Options = {}): Promise<MarathonProvider> {
    const marathon = new MarathonServer({ ...QUICK, features, ...(credentials && { credentials }) });
    const { url } = await marathon.start();
    const proxy = await FaultyProxy.start(url);
    const { text } = await providerText(kind);
    const provider = await DynamicProvider.start(text, configurationOf(proxy.url, credentials));
    return new MarathonProvider(marathon, url, proxy, provider, text, credentials);
  }

  /** The stack's configuration, with another password if given. */
  configuration(password?: string): Record<string, string> {
    const { credentials } = this;
    return configurationOf(this.proxy.url, credentials && { ...credentials, ...(password && { password }) });
  }

  async stop(): Promise<void> {
    await this.provider.stop();
    await this.proxy.stop();
    await this.marathon.stop();
  }

  /** What changed something at Marathon through the proxy, as `METHOD /path?query`. */
  get changes(): string[] {
    return this.proxy.passed.filter((line) => !line.startsWith("GET"));
  }

  /** A request to Marathon as somebody else makes it. */
  async somebody(method: string, path: string, body?: unknown): Promise<{ status: number; body: Properties }> {
    const { credentials } = this;
    const response = await fetch(this.direct + path, {
      method,
      headers: {
        "content-type": "application/json",
        accept: "application/json",
        ...(credentials && { authorization: `Basic ${btoa(`${credentials.user}:${credentials.password}`)}` }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: JSON.parse((await response.text()) || "{}") as Properties };
  }

  /** Waits until whatever somebody started is done. */
  async idle(): Promise<void> {
    const running = async () => (await this.somebody("GET", "/v2/deployments")).body;
    await expect.poll(running, { timeout: 20_000 }).toEqual([]);
  }

  async checked(args: Properties): Promise<Properties> {
    const { inputs, failures } = await this.provider.check({}, args);
    expect(failures).toEqual([]);
    return inputs;
  }

  async created(args: Properties): Promise<{ id: string; inputs: Properties; outs: Properties }> {
    const inputs = await this.checked(args);
    return { inputs, ...(await this.provider.create(inputs)) };
  }

  /** How the call failed; one that does not fails the test. */
  async failureOf(call: Promise<unknown>): Promise<CallFailure> {
    return call.then(
      () => expect.unreachable(),
      (failure) => failure,
    );
  }
}

function configurationOf(url: string, credentials?: Credentials): Record<string, string> {
  const auth = credentials && { type: "basic", username: credentials.user, password: credentials.password };
  return { "clocker:locations": JSON.stringify({ mesos: { type: "marathon", url, ...(auth && { auth }) } }) };
}
