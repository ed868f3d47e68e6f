import { MarathonServer } from "../../sandbox/marathon/server";
import { type Clock, wallClock } from "./clock";
import { MarathonClient } from "./marathon-client";
import { Player } from "./player";
import type { Scenario, ServerKind } from "./recording";
import { AGAIN, ANSWERING_TASKS } from "./rules";
import type { ServerUnderTest } from "./server-under-test";
import { TaskServers } from "./task-servers";

const CREDENTIALS = { user: "user", password: "pass" };

/** How the servers of the recording were started. */
const SERVERS = {
  plain: {},
  features: {
    features: ["secrets", "external_volumes", "gpu_resources"],
    mesosRole: "web",
    defaultNetworkName: "dcos",
  },
  auth: { credentials: CREDENTIALS },
} as const satisfies Record<ServerKind, object>;

/** What came of one scenario. */
export interface Result {
  readonly scenario: Scenario;
  /** Row id to what the answer has otherwise. */
  readonly differences: ReadonlyMap<string, string>;
  readonly seconds: number;
}

/** Plays a scenario against a sandbox server of its own, with simulated tasks, on a free port. */
export async function playInSandbox(scenario: Scenario): Promise<Result> {
  const options = SERVERS[scenario.server];
  return timed(scenario, () =>
    twiceIfFew(async () => {
      const server = new MarathonServer(options);
      const { url } = await server.start();
      const credentials = "credentials" in options ? `${CREDENTIALS.user}:${CREDENTIALS.password}` : undefined;
      try {
        return await playOnce(scenario, await connected(url, credentials));
      } finally {
        await server.stop();
      }
    }),
  );
}

/** Plays a scenario against a running server, which must be free for the test. `credentials` are `user:password`. */
export async function playAgainst(url: string, credentials: string | undefined, scenario: Scenario): Promise<Result> {
  const client = await connected(url, credentials);
  return timed(scenario, () => twiceIfFew(() => playOnce(scenario, client)));
}

/** Rows that disagreed in few numbers may have lost a race: those count that disagree in a second play too. */
export async function twiceIfFew(play: () => Promise<Map<string, string>>): Promise<Map<string, string>> {
  const first = await play();
  if (first.size === 0 || first.size > AGAIN) return first;
  const second = await play();
  const both = [...first].filter(([id]) => second.has(id));
  return new Map(both.map(([id, difference]) => [id, `${difference} [again: ${second.get(id)}]`]));
}

async function playOnce(
  scenario: Scenario,
  server: ServerUnderTest,
  clock: Clock = wallClock,
): Promise<Map<string, string>> {
  const tasks = new TaskServers();
  try {
    if (ANSWERING_TASKS.has(scenario.name)) await tasks.start();
    return await new Player(scenario, server, clock, tasks).play();
  } finally {
    await tasks.stop();
  }
}

async function connected(url: string, credentials: string | undefined): Promise<MarathonClient> {
  const client = new MarathonClient(url, credentials);
  await client.greet();
  return client;
}

async function timed(scenario: Scenario, play: () => Promise<Map<string, string>>): Promise<Result> {
  const begin = wallClock.now();
  const differences = await play();
  return { scenario, differences, seconds: (wallClock.now() - begin) / 1000 };
}
