import type * as pulumi from "@pulumi/pulumi";
import { fill } from "../blueprint/entity/template";
import type { Port } from "../blueprint/model";
import { isTcp, portText, samePort, tcpPort } from "../blueprint/port";
import type { PlacedService } from "../placement/model";
import type { Endpoint } from "./platform";

/** Where a browser finds the service: its first published port of TCP, undefined if it has none. */
export function mainUri(placed: PlacedService, endpoints: readonly Endpoint[]): string | undefined {
  const published = placed.ports.find((port) => port.published && isTcp(port));
  const endpoint = endpoints.find((one) => isTcp(one) && one.servicePort === published?.port);
  return endpoint && `http://${endpoint.address}${endpoint.port === 80 ? "" : `:${endpoint.port}`}/`;
}

/**
 * Brooklyn's sensors that every platform has, from the endpoints of a service that is up: `service.*`, `docker.port.N` and
 * `mapped.docker.port.N` of each reachable port, where N of one of UDP is e.g. `53/udp`, `main.uri` of a published one of TCP, and
 * those of the service's type.
 */
export function serviceSensors(
  placed: PlacedService,
  endpoints: pulumi.Output<Endpoint[]>,
): Record<string, pulumi.Output<unknown>> {
  const sensors: Record<string, pulumi.Output<unknown>> = {
    "service.isUp": endpoints.apply(() => true),
    "service.state": endpoints.apply(() => "RUNNING"),
  };
  const reached = (own: Port) =>
    endpoints.apply((all) => all.find(({ servicePort: port, protocol }) => samePort(own, { port, protocol })));
  Object.assign(
    sensors,
    publishedSensors(
      placed.service,
      (value) => endpoints.apply(() => value),
      (port) => reached(tcpPort(port)),
    ),
  );
  for (const { hostPort, ...own } of placed.ports) {
    if (hostPort !== undefined) {
      const endpoint = reached(own);
      sensors[`docker.port.${portText(own)}`] = endpoint.apply((found) => found?.port);
      sensors[`mapped.docker.port.${portText(own)}`] = endpoint.apply(
        (found) => found && `${found.address}:${found.port}`,
      );
    }
  }
  if (placed.ports.some((port) => port.published && isTcp(port))) {
    sensors["main.uri"] = endpoints.apply((all) => mainUri(placed, all));
    sensors["mapped.main.uri"] = endpoints.apply((all) => mainUri(placed, all));
  }
  return sensors;
}

/**
 * The sensors of a service's type, e.g. `redis.port` or `datastore.url`; those that are addresses under `mapped.` too.
 * @param whenUp A value once the service is up.
 * @param reached Where one of its ports answers others, once it does.
 */
export function publishedSensors(
  { publishes }: PlacedService["service"],
  whenUp: <T>(value: T) => pulumi.Output<T>,
  reached: (port: number) => pulumi.Output<Pick<Endpoint, "address" | "port"> | undefined>,
): Record<string, pulumi.Output<unknown>> {
  const sensors: Record<string, pulumi.Output<unknown>> = {};
  for (const [name, published] of Object.entries(publishes)) {
    if ("value" in published) {
      sensors[name] = whenUp(published.value);
      continue;
    }
    const url = reached(published.port).apply(
      (at) => at && fill(published.url, { address: at.address, port: String(at.port) }),
    );
    sensors[name] = url;
    sensors[`mapped.${name}`] = url;
  }
  return sensors;
}

/** What consumers with an address in Calico read: all own ports answer at the service's address there. */
export function calicoSensors(
  placed: PlacedService,
  sensors: Readonly<Record<string, pulumi.Output<unknown>>>,
  address: pulumi.Output<string>,
): Record<string, pulumi.Output<unknown>> {
  const endpoints = address.apply((known) =>
    placed.ports.map(({ port, protocol }): Endpoint => ({ address: known, port, protocol, servicePort: port })),
  );
  const open = { ...placed, ports: placed.ports.map((port) => ({ ...port, hostPort: port.port })) };
  const { "service.isUp": isUp, "service.state": state } = sensors;
  const reached = { ...serviceSensors(open, endpoints), "host.address": address };
  return { ...sensors, ...reached, ...(isUp && { "service.isUp": isUp }), ...(state && { "service.state": state }) };
}
