import { isDeepStrictEqual } from "node:util";
import type { Properties } from "../../../../providers/runtime/handler";
import { type Provider, ResourceInState } from "./engine-stand-in";
import type { ForeignAct } from "./faults";
import type { Effect } from "./ledger";
import type { Step } from "./life";
import type { Stranger } from "./stranger";

/** An app that a test wants, what it asked for so far, and whether Marathon has come to that. */
export class AppUnderTest {
  readonly id: string;
  readonly resource: ResourceInState;
  /** What the steps so far are to have done. */
  readonly #asked: string[] = ["start"];
  #revision = 0;
  #instances = 1;
  #destroyed = false;
  /** The last step failed and was given up: it may have had its effect or not. */
  #uncertain = false;
  readonly #secret: string;

  constructor(provider: Provider, index: number, secret: string) {
    this.id = `/clocker/shop-test/web-${index}`;
    this.resource = new ResourceInState(provider);
    this.#secret = secret;
  }

  async up(seconds: number): Promise<void> {
    await this.resource.up(this.#args(seconds));
  }

  async take(step: Step, seconds: number): Promise<void> {
    if (step === "refresh") return this.resource.refresh();
    if (step === "destroy") {
      this.#destroyed = true;
      this.#asked.push("stop");
      return this.resource.destroy();
    }
    if (step === "update") this.#revision++;
    if (step === "scale") this.#instances++;
    this.#asked.push(step === "update" ? "restart" : "scale");
    return this.up(seconds);
  }

  /** Brings all to a good end when nothing goes wrong any more, and then destroys. */
  async settle(
    stranger: Stranger,
    acts: readonly ForeignAct[],
    givesUp: boolean,
    seconds: number,
  ): Promise<readonly string[]> {
    const wrong: string[] = [];
    if (!this.#destroyed && !givesUp) {
      if (acts.length > 0) await this.resource.refresh();
      await this.up(seconds);
      wrong.push(...(await this.problems(stranger, "after the last up")));
      if (await this.resource.changes(this.#args(seconds))) wrong.push(`${this.id}: the preview after up is not empty`);
      await this.resource.refresh();
      if (!this.resource.state) wrong.push(`${this.id}: refresh does not find it`);
      if (await this.resource.changes(this.#args(seconds)))
        wrong.push(`${this.id}: the preview after refresh is not empty`);
    }
    this.#uncertain = givesUp && !this.#destroyed;
    if (!this.#destroyed) this.#asked.push("stop");
    this.#destroyed = true;
    await this.resource.destroy(seconds);
    return [...wrong, ...(await this.problems(stranger, "after the last destroy"))];
  }

  /** In what the server differs from what was asked. */
  async problems(stranger: Stranger, when: string): Promise<string[]> {
    const live = await stranger.app(this.id);
    if (this.#destroyed) return live ? [`${this.id} is there ${when}`] : [];
    if (!live) return [`${this.id} is not there ${when}`];
    const { instances, cmd, env, labels } = this.#definition();
    const tasks = (live["tasks"] as { state: string }[]).filter(({ state }) => state === "TASK_RUNNING");
    const { tasksStaged, tasksRunning, tasksHealthy, deployments } = live;
    const wanted = { cmd, env, labels, instances, tasksRunning: instances, tasksHealthy: instances, deployments: [] };
    const actual = { cmd: live["cmd"], env: live["env"], labels: live["labels"], instances: live["instances"] };
    const right = isDeepStrictEqual({ ...actual, tasksRunning, tasksHealthy, deployments }, wanted);
    if (right && tasks.length === instances) return [];
    const shown = { ...actual, tasksStaged, tasksRunning, tasksHealthy, deployments };
    return [`${this.id} is not as asked ${when}: ${JSON.stringify(shown)} instead of ${JSON.stringify(wanted)}`];
  }

  /** Whether the server did what was asked and nothing else; what others did asks for repairs. */
  judgeEffects(effects: readonly Effect[], acts: readonly ForeignAct[]): string[] {
    const done = effects.map(({ action }) => action);
    if (acts.length === 0) {
      const without = (index: number) => this.#asked.filter((_, position) => position !== index);
      const last = this.#asked.length - 2;
      const allowed = [this.#asked, ...(this.#uncertain ? [without(last)] : [])];
      // An app that was never there needs no stop.
      if (this.#uncertain && last === 0) allowed.push([]);
      if (allowed.some((actions) => isDeepStrictEqual(actions, done))) return [];
      return [`${this.id}: Marathon did ${done.join(", ") || "nothing"}, asked was ${this.#asked.join(", ")}`];
    }
    const count = (list: readonly string[], item: string) => list.filter((other) => other === item).length;
    const deletes = count(acts, "delete");
    const limits = {
      start: 1 + deletes,
      restart: count(this.#asked, "restart") + count(acts, "env"),
      stop: 1 + deletes,
    };
    return Object.entries(limits)
      .filter(([action, limit]) => count(done, action) > limit)
      .map(
        ([action, limit]) => `${this.id}: more than ${limit} × ${action} in ${done.join(", ")} beside ${acts.join()}`,
      );
  }

  #args(seconds: number): Properties {
    return { location: "mesos", appId: this.id, timeoutSeconds: seconds, app: this.#definition() };
  }

  #definition() {
    return {
      cmd: `sleep ${1000 + this.#revision}`,
      instances: this.#instances,
      cpus: 0.1,
      mem: 32,
      env: { TOKEN: this.#secret },
      networks: [{ mode: "container/bridge" }],
      container: { docker: { image: "example/web:1" }, portMappings: [{ containerPort: 80, name: "http" }] },
      healthChecks: [{ protocol: "MESOS_TCP", portIndex: 0 }],
      labels: { "clocker.application": "shop", "clocker.stack": "test", "clocker.service": this.id.slice(-5) },
    };
  }
}
