import type { Problems } from "../diagnostics";
import type { Position } from "../model";
import { quote } from "../yaml/nodes";
import { nameInCatalog } from "./resolve";

const DOCKER = 'my-docker-cloud: {type: docker, hosts: {host-1: {url: "ssh://user@address", address: address}}}';
const MESOS = 'my-mesos-cluster: {type: mesos, masters: ["https://master:5050"], framework: marathon}';
const MARATHON = 'my-mesos-cluster: {type: marathon, url: "https://address:8443"}';
const LOCATION = "describe the cloud under clocker:locations of the stack and write its name as a location, e.g.";
const CALICO =
  'give containers addresses of their own by clocker:network.calico of the stack, e.g. {etcd: {endpoints: ["https://etcd:2379"]}, pool: 10.65.0.0/16, felixImage: image, driverImage: image}';
const OTHER_NETWORK = "Calico is the network that containers have here";
const ETCD = `name an etcd that runs already in clocker:network.calico.etcd.endpoints of the stack, e.g. ["https://etcd:2379"], or run one as a docker: image`;
const REGISTRY =
  "name a registry that runs already in images, and its credentials under registries of the location, or run one as docker:registry:2";

/** Clocker's own types that make clouds and what belongs to them, by catalog id and by the simple name of their Java classes. */
const CLOUDS: Readonly<Record<string, string>> = {
  ...every(
    "docker-infrastructure docker-cloud docker-cloud-single docker-host docker-container",
    `${LOCATION} ${DOCKER}`,
  ),
  ...every("DockerInfrastructure DockerHost DockerContainer", `${LOCATION} ${DOCKER}`),
  ...every("docker-cloud-calico", `${LOCATION} ${DOCKER}; ${CALICO}`),
  ...every("docker-cloud-weave docker-cloud-overlay", `${LOCATION} ${DOCKER}; ${OTHER_NETWORK}: ${CALICO}`),
  ...every("calico-network calico-node calico-module CalicoNetwork CalicoNode CalicoModule", CALICO),
  ...every("weave-network weave-router weave-container WeaveNetwork WeaveContainer", `${OTHER_NETWORK}: ${CALICO}`),
  ...every("overlay-network overlay-plugin overlay-module OverlayNetwork OverlayPlugin", `${OTHER_NETWORK}: ${CALICO}`),
  ...every("mesos-cluster external-mesos-cluster MesosCluster", `${LOCATION} ${MESOS}`),
  ...every("marathon-framework MarathonFramework", `${LOCATION} ${MARATHON}`),
  ...every("etcd-node etcd-proxy etcd-cluster", ETCD),
  ...every("docker-registry DockerRegistry", REGISTRY),
};

/** True for a type of Clocker that makes a cloud, or a part of one. */
export function isCloud(type: string): boolean {
  return remedyOf(type) !== undefined;
}

export function refuseCloud(type: string, at: Position, problems: Problems): void {
  problems.error(
    "cloud-type",
    at,
    `the type ${quote(type)} makes a cloud, and an application makes none: clouds are there before it`,
    remedyOf(type) ?? "",
  );
}

function remedyOf(type: string): string | undefined {
  const name = nameInCatalog(type);
  const simple = /^(?:java:)?(?:(?:clocker|brooklyn|io\.brooklyn)\.(?:\w+\.)*)(\w+?)(?:Impl)?$/.exec(name)?.[1];
  const id = simple ?? name.replace(/:[^:]*$/, "");
  return Object.hasOwn(CLOUDS, id) ? CLOUDS[id] : undefined;
}

function every(names: string, remedy: string): Readonly<Record<string, string>> {
  return Object.fromEntries(names.split(" ").map((name) => [name, remedy]));
}
