import type { Properties } from "../../../providers/runtime/handler";

/** What the simulated Marathon asks for. */
export const CREDENTIALS = { user: "ops", password: "open-sesame" };

export const LABELS = { "clocker.application": "shop", "clocker.stack": "test", "clocker.service": "web" };

let count = 0;

/** Arguments of an app under an id of its own. */
export function appArgs(app: Properties = {}, args: Properties = {}) {
  return {
    location: "mesos",
    appId: `/clocker/shop-test/web-${++count}`,
    timeoutSeconds: 30,
    app: {
      cmd: "sleep 1000",
      cpus: 0.1,
      mem: 32,
      networks: [{ mode: "container/bridge" }],
      container: { docker: { image: "example/web:1" }, portMappings: [{ containerPort: 80, name: "http" }] },
      env: { GREETING: "hello" },
      healthChecks: [{ protocol: "MESOS_TCP", portIndex: 0 }],
      labels: LABELS,
      ...app,
    },
    ...args,
  } satisfies Properties;
}
