import type { Finding, Subject } from "./finding";
import { isObject, objects } from "./json";
import { declaredPorts, isHostMode, MARATHON_CHECKS } from "./normal-form";

/**
 * The rules for health and readiness checks; `checks` are the health checks in the order they were written in, `checkable`
 * is how many ports those may count that Marathon does.
 */
export function healthRules({ app }: Subject, checks: readonly unknown[], checkable: number): Finding[] {
  const ports = declaredPorts(app).length;
  const container = app["container"];
  const from = [app["portDefinitions"], app["networks"], container];
  const inDocker = isObject(container) && container["type"] === "DOCKER";
  const byAgent = (check: unknown) => isObject(check) && String(check["protocol"] ?? "").startsWith("MESOS_");
  const findings: Finding[] = [];
  checks.forEach((check, index) => {
    if (!isObject(check)) return;
    const { protocol, command, port, portIndex, ipProtocol } = check;
    const byMarathon = MARATHON_CHECKS.includes(protocol) && command === undefined;
    const refuse = (field: string, reason: string) =>
      findings.push({ property: `app.healthChecks.${index}${field}`, reason, from: [check, ...from] });
    if (protocol === "COMMAND" && command === undefined) refuse(".command", "is missing, for the protocol is COMMAND");
    if (protocol !== "COMMAND" && command !== undefined)
      refuse(".command", `is for the protocol COMMAND alone; it is ${protocol}`);
    if (byMarathon && checkable === 0 && (port === undefined || "portIndex" in check))
      refuse(
        "",
        `needs a port that the definition names: give ${isHostMode(app) ? "portDefinitions" : "container.portMappings"}, or port alone, or a check of the agents (MESOS_${protocol})`,
      );
    else if (protocol !== "COMMAND" && "portIndex" in check && Number(portIndex) >= ports)
      refuse(".portIndex", `must be below the number of the app's ports, which is ${ports}; it is ${portIndex}`);
    if (ipProtocol === "IPv6" && !(inDocker && byAgent(check)))
      refuse(
        ".ipProtocol",
        "IPv6 needs a container of type DOCKER and a protocol MESOS_HTTP, MESOS_HTTPS or MESOS_TCP",
      );
  });
  if (checks.filter(byAgent).length > 1)
    findings.push({
      property: "app.healthChecks",
      reason: "may hold one check that agents do (MESOS_HTTP, MESOS_HTTPS, MESOS_TCP)",
      from: [checks],
    });
  return [...findings, ...readiness(app)];
}

function readiness(app: Subject["app"]): Finding[] {
  const checks = objects(app["readinessChecks"]);
  const names = declaredPorts(app).map(({ name }) => name);
  const findings: Finding[] = [];
  if (checks.length > 1)
    findings.push({ property: "app.readinessChecks", reason: `may be one; there are ${checks.length}`, from: [] });
  checks.forEach(({ portName, timeoutSeconds, intervalSeconds }, index) => {
    const at = `app.readinessChecks.${index}`;
    if (!names.includes(portName))
      findings.push({
        property: `${at}.portName`,
        reason: `must be the name of one of the app's ports; it is ${JSON.stringify(portName)}`,
        from: [portName, app["portDefinitions"], app["container"], app["networks"]],
      });
    if (Number(timeoutSeconds) >= Number(intervalSeconds))
      findings.push({
        property: `${at}.timeoutSeconds`,
        reason: `must be below intervalSeconds; it is ${timeoutSeconds} to ${intervalSeconds}`,
        from: [timeoutSeconds, intervalSeconds],
      });
  });
  return findings;
}
