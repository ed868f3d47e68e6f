/** A type of Brooklyn or Clocker that stands for something which is done otherwise here. */
export interface KnownType {
  /** What the type is, behind `the type 'X':`. */
  readonly what: string;
  readonly remedy: string;
}

const NETWORK: KnownType = {
  what: "a network, and an application makes none",
  remedy:
    "remove the service: services of one application reach each other through links, and nobody else reaches them but at published ports",
};
const CLUSTER_OF_NODES = "a cluster whose nodes join each other while it runs";
const ONE_WAY = "nodes that join each other need links in a circle, and a link goes one way";

/** By the simple name of the Java class. */
const KNOWN: Readonly<Record<string, KnownType>> = {
  VirtualNetwork: NETWORK,
  OpenStackVirtualNetwork: NETWORK,
  CouchbaseCluster: nodes("CouchbaseNode"),
  RiakCluster: nodes("RiakNode"),
  EtcdCluster: nodes("EtcdNode"),
  CassandraCluster: nodes("a docker: image"),
  CassandraDatacenter: nodes("a docker: image"),
  MongoDBReplicaSet: nodes("MongoDBServer"),
  DockerfileApplication: {
    what: "a container whose image is built on its host, and no image is built here",
    remedy: "build the image beforehand, push it to a registry, and write docker:image[:tag] as the type",
  },
};

/** What a class is, if it is one of those that have a way of their own here. */
export function knownType(type: string): KnownType | undefined {
  const simple = /^(?:java:)?(?:[a-z_]\w*\.)*([A-Z]\w*?)(?:Impl)?$/.exec(type)?.[1] ?? "";
  return Object.hasOwn(KNOWN, simple) ? KNOWN[simple] : undefined;
}

function nodes(node: string): KnownType {
  return { what: CLUSTER_OF_NODES, remedy: `run one node, ${node}; ${ONE_WAY}` };
}
