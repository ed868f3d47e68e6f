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
  if (kind === "jclouds")
    return `${where}; there are the types docker, marathon, mesos and openstack, and no other cloud`;
  if (kind === "multi")
    return "write one location here; each service runs in one, and clocker:placement names it by service";
  if (kind === "server-pool")
    return "name a location of type docker with several hosts, which a stack describes under clocker:locations";
  return where;
}

/** `docker:name[:host]`, `mesos:name` and `marathon:name`, which mean locations that the stack has. */
export function resolveSpec(spec: string): { readonly name: string; readonly host?: string } | undefined {
  const part = "([A-Za-z0-9][A-Za-z0-9._-]*)";
  const [, docker, host, other] =
    new RegExp(`^(?:docker:${part}(?::${part})?|(?:mesos|marathon):${part})$`).exec(spec) ?? [];
  const name = docker ?? other;
  return name === undefined ? undefined : { name, ...(host !== undefined && { host }) };
}
