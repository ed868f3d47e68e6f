/**
 * What Calico's CNI plugin makes of a Mesos network label's key or value. It loses characters: compare the answer with the
 * text to know whether a label survives.
 */
export function sanitiseMesosLabel(text: string): string {
  return text
    .replaceAll("/", ".")
    .replace(/[^-_.a-zA-Z0-9]+/g, "-")
    .replace(/[.-]*[.][.-]*/g, ".")
    .replace(/^[.-]+/, "")
    .replace(/[.-]+$/, "");
}

/** Longest security group name that survives in the label `sg-name.projectcalico.org/openstack-<name>`. */
export const SECURITY_GROUP_NAME_LENGTH = 27;

/** What networking-calico makes of a project's, network's or security group's name in a label. */
export function sanitiseOpenStackName(name: string, maxLength = 63): string {
  return [...name]
    .slice(0, maxLength)
    .join("")
    .replace(/[^-_.A-Za-z0-9]/gu, "_")
    .replace(/^[^A-Za-z0-9]+/, "")
    .replace(/[^A-Za-z0-9]+$/, "");
}
