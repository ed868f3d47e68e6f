import { type ApiRequest, type ApiResponse, ok } from "../http/api-request";
import type { Route } from "../http/router";
import type { Json } from "../model/json";
import type { Services } from "../services";
import { SERVICE_PORTS } from "../state/service-ports";

/** The release whose behaviour the server has. */
const RELEASE = { version: "1.8.222", buildref: "86475ddac52b6aa05697be7ea590dde9d288496b" } as const;

/** `/ping`, `/metrics`, `/v2/info`, `/v2/leader`, `/v2/plugins` and the redirect from `/`. */
export function systemRoutes(services: Services): Route[] {
  return [
    { pattern: /^\/ping$/, methods: { GET: ping }, types: ["application/json", "text/plain", "text/html"] },
    { pattern: /^\/metrics$/, methods: { GET: () => ok(metrics(services)) } },
    { pattern: /^\/v2\/info\/*$/, methods: { GET: () => ok(info(services)) } },
    {
      pattern: /^\/v2\/leader\/*$/,
      methods: {
        GET: () => ok({ leader: services.address() }),
        // There is no other server to take over, so the same one is elected again.
        DELETE: () => ok({ message: "Leadership abdicated" }),
      },
    },
    { pattern: /^\/v2\/plugins\/*$/, methods: { GET: () => ok({ plugins: [] }) } },
    {
      pattern: /^\/$/,
      methods: { GET: () => ({ status: 302, headers: { Location: "/ui/" } }) },
      types: ["application/json", "text/html"],
    },
  ];
}

function ping(request: ApiRequest): ApiResponse {
  const json = request.prefers("application/json") && !request.prefers("*/*");
  return json ? ok("pong") : { status: 200, text: "pong" };
}

function metrics({ groups, scheduler, deployments }: Services): Json {
  const value = (count: number): Json => ({ value: count });
  return {
    gauges: {
      "marathon.apps.active.gauge": value(groups.root.apps.size),
      "marathon.groups.active.gauge": value(groups.root.groups.size),
      "marathon.deployments.active.gauge": value(deployments.plans().length),
      "marathon.instances.running.gauge": value(
        scheduler.all().filter((instance) => instance.condition === "Running").length,
      ),
    },
  };
}

function info(services: Services): Json {
  const { options, frameworkId } = services;
  const address = services.address();
  const [hostname = "127.0.0.1", port = "0"] = address.split(":");
  return {
    name: "marathon",
    ...RELEASE,
    elected: true,
    leader: address,
    frameworkId,
    marathon_config: {
      access_control_allow_origin: null,
      checkpoint: true,
      decline_offer_duration: 120_000,
      default_network_name: options.defaultNetworkName ?? null,
      env_vars_prefix: null,
      executor: "//cmd",
      failover_timeout: 604_800,
      features: options.features ?? [],
      framework_name: "marathon",
      ha: true,
      hostname,
      launch_token: 100,
      launch_token_refresh_interval: 30_000,
      leader_proxy_connection_timeout_ms: 5000,
      leader_proxy_read_timeout_ms: 10_000,
      local_port_max: SERVICE_PORTS.max,
      local_port_min: SERVICE_PORTS.min,
      master: `http://${hostname}:5050`,
      max_instances_per_offer: 5,
      mesos_bridge_name: "mesos-bridge",
      mesos_heartbeat_failure_threshold: 5,
      mesos_heartbeat_interval: 15_000,
      mesos_leader_ui_url: `http://${hostname}:5050/`,
      mesos_role: options.mesosRole ?? null,
      mesos_user: "root",
      min_revive_offers_interval: 30_000,
      offer_matching_timeout: 3000,
      on_elected_prepare_timeout: 180_000,
      reconciliation_initial_delay: 15_000,
      reconciliation_interval: 600_000,
      revive_offers_for_new_apps: true,
      revive_offers_repetitions: 3,
      scale_apps_initial_delay: 15_000,
      scale_apps_interval: 300_000,
      store_cache: true,
      task_launch_confirm_timeout: 300_000,
      task_launch_timeout: 300_000,
      task_lost_expunge_initial_delay: 300_000,
      task_lost_expunge_interval: 30_000,
      task_reservation_timeout: 20_000,
      webui_url: null,
      maintenance_mode: true,
    },
    zookeeper_config: {
      zk: `zk://${hostname}:2181/marathon`,
      zk_compression: true,
      zk_compression_threshold: 65_536,
      zk_connection_timeout: 10_000,
      zk_max_node_size: 1_024_000,
      zk_max_versions: 50,
      zk_session_timeout: 10_000,
      zk_timeout: 10_000,
    },
    http_config: { http_port: Number(port), https_port: 8443 },
  };
}
