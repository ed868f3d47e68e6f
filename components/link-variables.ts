import type { PlannedLink } from "../placement/model";

/**
 * The classic link variables of one link, e.g. `REDIS_PORT_6379_TCP_ADDR`. They carry what answers inside the consumer: the link's
 * name with the target's own ports, whatever lies between, so a moved target changes none of them.
 * The first port, one of TCP if there is any, has a short name too. Names are upper case with `_` for other characters, as Docker made them.
 */
export function linkVariables(consumer: string, link: Pick<PlannedLink, "alias" | "ports">): Record<string, string> {
  const prefix = link.alias.toUpperCase().replace(/[^A-Z0-9]/g, "_");
  const variables: Record<string, string> = { [`${prefix}_NAME`]: `/${consumer}/${link.alias}` };
  for (const [index, { port, protocol }] of link.ports.entries()) {
    const url = `${protocol}://${link.alias}:${port}`;
    if (index === 0) {
      variables[`${prefix}_PORT`] = url;
    }
    const name = `${prefix}_PORT_${port}_${protocol.toUpperCase()}`;
    variables[name] = url;
    variables[`${name}_ADDR`] = link.alias;
    variables[`${name}_PORT`] = String(port);
    variables[`${name}_PROTO`] = protocol;
  }
  return variables;
}
