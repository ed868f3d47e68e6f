import { setTimeout as delay } from "node:timers/promises";
import type { Container, DockerApi } from "./docker-api";
import type { Endpoints } from "./endpoints";
import { CONTAINER_LABEL, type Labels, labelProblem, labelsWith } from "./labels";
import { type Log, reasonOf } from "./log";
import { labelOptions } from "./network-driver";
import type { Networks } from "./networks";

const CONNECT_TRIES = 50;
const CONNECT_PAUSE_MS = 100;
const AGAIN_MS = 1_000;

/**
 * Gives endpoints the labels `org.projectcalico.label.<key>` of their containers, which Docker does not tell a driver: they come a
 * moment after the container started. Labels of the network and of the connection are there before.
 */
export class ContainerLabels {
  readonly #docker: DockerApi;
  readonly #endpoints: Endpoints;
  readonly #networks: Networks;
  readonly #log: Log;

  constructor(docker: DockerApi, endpoints: Endpoints, networks: Networks, log: Log) {
    this.#docker = docker;
    this.#endpoints = endpoints;
    this.#networks = networks;
    this.#log = log;
  }

  /** Follows Docker until `signal` aborts, whether it runs or not. `caughtUp` is called each time it has come back. */
  async follow(signal: AbortSignal, caughtUp: () => Promise<void> = async () => {}): Promise<void> {
    let answered = true;
    while (!signal.aborted) {
      try {
        await this.#docker.follow(
          signal,
          () => {
            answered = true;
            this.#log.info("Docker answers");
            void this.#catchUp(signal, caughtUp);
          },
          (id) => void this.#label(id, signal),
        );
      } catch (error) {
        // Docker may be away for long; once is enough to know.
        if (answered && !signal.aborted) this.#log.warn("Docker does not answer", { error: reasonOf(error) });
        answered = false;
      }
      await delay(AGAIN_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  /** What happened while nobody listened: networks that are not known, and containers that run. */
  async #catchUp(signal: AbortSignal, caughtUp: () => Promise<void>): Promise<void> {
    try {
      await this.#catchUpNetworks();
      for (const id of await this.#docker.runningIds()) await this.#label(id, signal);
      await caughtUp();
    } catch (error) {
      this.#log.warn("what Docker did meanwhile is not known", { error: reasonOf(error) });
    }
  }

  async #catchUpNetworks(): Promise<void> {
    for (const { id, options } of await this.#docker.networks()) {
      if (this.#networks.get(id)) continue;
      await this.#networks.set(id, { labels: labelOptions(options) });
      this.#log.info("network learnt from Docker", { network: id.slice(0, 12) });
    }
  }

  async #label(containerId: string, signal: AbortSignal): Promise<void> {
    const container = containerId.slice(0, 12);
    try {
      const found = await this.#connected(containerId, signal);
      for (const endpoint of found?.endpoints ?? []) {
        if (await this.#endpoints.addLabels(endpoint, found?.labels ?? {})) {
          this.#log.info("labels of container", { container, endpoint: endpoint.slice(0, 12), ...found?.labels });
        }
      }
    } catch (error) {
      this.#log.warn("labels of container are missing", { container, error: reasonOf(error) });
    }
  }

  /** The labels and endpoints of a container as soon as it has these. */
  async #connected(id: string, signal: AbortSignal): Promise<{ labels: Labels; endpoints: string[] } | undefined> {
    for (let attempt = 0; attempt < CONNECT_TRIES && !signal.aborted; attempt++) {
      const container = await this.#docker.container(id);
      const labels = container && this.#labelsOf(container, id);
      if (!container || !labels || Object.keys(labels).length === 0) return undefined;
      const ours = container.connections.filter(({ networkId }) => this.#networks.get(networkId));
      if (ours.length > 0 && ours.every(({ endpointId }) => endpointId !== "")) {
        return { labels, endpoints: ours.map(({ endpointId }) => endpointId) };
      }
      await delay(CONNECT_PAUSE_MS);
    }
    return undefined;
  }

  #labelsOf({ labels }: Container, id: string): Labels {
    const wanted = Object.entries(labelsWith(CONTAINER_LABEL, labels));
    const usable = wanted.filter(([key, value]) => {
      const problem = labelProblem(key, value);
      if (problem !== undefined)
        this.#log.warn("label of container is not usable", { container: id.slice(0, 12), problem });
      return problem === undefined;
    });
    return Object.fromEntries(usable);
  }
}
