import type { LocationReference } from "./model";

/** What to do about a location that the blueprint describes itself: where it belongs, in a form to copy. */
export function remedyOf(spec: string): string {
  const kind = /^[\w-]+/.exec(spec)?.[0]?.toLowerCase() ?? "";
  const where = "describe it under clocker:locations of the stack and write its name here";
  if (kind === "byon" || kind === "host" || kind === "localhost") {
    const url = kind === "localhost" ? "unix:///var/run/docker.sock" : "ssh://user@address";
    const address = kind === "localhost" ? "127.0.0.1" : "address";
    return `${where}, e.g. my-hosts: {type: docker, hosts: {host-1: {url: "${url}", address: ${address}}}}`;
  }
  if (/^(?:jclouds:)?openstack-/i.test(spec)) {
    return `${where}, e.g. my-openstack: {type: openstack, authUrl: "https://address:5000/v3", image: name, flavor: name, externalNetwork: name}`;
  }
  if (kind === "jclouds" || isCloud(kind))
    return `${where}, or under location of the service in clocker:overrides; there are the types docker, marathon, mesos and openstack, and no other cloud`;
  if (kind === "multi")
    return "write one location here; each service runs in one, and clocker:placement names it by service";
  if (kind === "server-pool")
    return "name a location of type docker with several hosts, which a stack describes under clocker:locations";
  return where;
}

/** What Brooklyn takes for a location without a name of its own: this machine, and providers and APIs of jclouds. */
const CLOUDS: ReadonlySet<string> = new Set([
  "localhost",
  ...["aws-ec2", "ec2", "softlayer", "google-compute-engine", "azurecompute", "azurecompute-arm", "packet"],
  ...["openstack-nova", "openstack-nova-ec2", "nova", "rackspace-cloudservers-us", "rackspace-cloudservers-uk"],
  ...["hpcloud-compute", "cloudstack", "digitalocean", "digitalocean2", "gogrid", "profitbricks", "abiquo", "vcloud"],
  ...[
    "cloudsigma",
    "cloudsigma2",
    "cloudsigma2-hnl",
    "cloudsigma2-lvs",
    "cloudsigma2-sjc",
    "cloudsigma2-wdc",
    "cloudsigma2-zrh",
  ],
  ...["elastichosts-lon-b", "elastichosts-lon-p", "elastichosts-lax-p", "elastichosts-sat-p", "elastichosts-tor-p"],
  ...["ninefold-compute", "interoute", "go2cloud-jhb1", "openhosting-east1", "skalicloud-sdg-my", "serverlove-z1-man"],
]);

/** True for a name that Brooklyn takes for a cloud or this machine where no location is called so. */
export function isCloud(name: string): boolean {
  return CLOUDS.has(name.toLowerCase());
}

/** Flags of Brooklyn's locations, by what they are about, and where that is said here. */
const FLAGS: readonly (readonly [names: RegExp, remedy: string])[] = [
  [
    /^hosts?$/,
    'list each under hosts of a location of type docker, e.g. {host-1: {url: "ssh://user@address", address: address}}',
  ],
  [/^(?:user|loginUser)$/, "write it in the host's url (ssh://user@address), or as loginUser of an openstack location"],
  [/^identity$/, "write projectName and userName, or applicationCredentialId, of an openstack location"],
  [
    /^(?:credential|password|loginUser\.password)$/,
    "set it encrypted: pulumi config set --secret --path 'clocker:locations.<name>.password', for an openstack location",
  ],
  [/^endpoint$/, "write it as authUrl of an openstack location"],
  [/^region$/, "write it as region of an openstack location"],
  [/^(?:image.*|os(?:Family|Version).*)$/, "write the image's name as image of an openstack location"],
  [/^hardwareId$/, "write the flavor's name as flavor of an openstack location"],
  [/^(?:min(?:Ram|Cores|Disk))$/, "write it in provisioning.properties of the service"],
  [
    /^(?:privateKey|publicKey|keyPair|loginUser\.privateKey|privateKeyFile|publicKeyFile).*$/,
    "remove it: machines get a key of their own, and ssh:// urls use the keys of whoever runs the update",
  ],
  [/^(?:securityGroups?|inboundPorts)$/, "remove it: security groups follow from links and ports"],
  [/^(?:networks|templateOptions|autoAssignFloatingIp)$/, "write externalNetwork of an openstack location"],
  [/^userMetadata$/, "write brooklyn.tags of the service"],
  [/^(?:displayName|name)$/, "it is the key of the location under clocker:locations"],
];

/** What to do about one flag of a location that the blueprint describes itself. */
export function remedyOfFlag(flag: string): string {
  const found = FLAGS.find(([names]) => names.test(flag));
  return found?.[1] ?? "remove it: locations of the stack have no such setting";
}

/** `docker:name[:host]`, `mesos:name` and `marathon:name`, which mean locations that the stack has. */
export function resolveSpec(spec: string): Omit<LocationReference, "at"> | undefined {
  const part = "([A-Za-z0-9][A-Za-z0-9._-]*)";
  const [, docker, host, kind, other] =
    new RegExp(`^(?:docker:${part}(?::${part})?|(mesos|marathon):${part})$`).exec(spec) ?? [];
  const name = docker ?? other;
  if (name === undefined) return undefined;
  const type = kind === "mesos" || kind === "marathon" ? kind : "docker";
  return { name, type, ...(host !== undefined && { host }) };
}
