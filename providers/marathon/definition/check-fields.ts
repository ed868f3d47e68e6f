import { anyPort, filled, portName } from "./container-fields";
import { chosen, flag, has, listOf, object, oneOf, text, whole } from "./schema";

const seconds = whole();
const shortPath = text({ least: 1, most: 1024 });
const scheme = oneOf("HTTP", "HTTPS");

export const healthChecks = listOf(
  object(
    {},
    {
      protocol: oneOf("HTTP", "HTTPS", "TCP", "COMMAND", "MESOS_TCP", "MESOS_HTTP", "MESOS_HTTPS"),
      command: object({ value: text() }),
      path: text(),
      port: anyPort,
      portIndex: anyPort,
      ipProtocol: oneOf("IPv4", "IPv6"),
      ignoreHttp1xx: flag,
      gracePeriodSeconds: seconds,
      intervalSeconds: seconds,
      timeoutSeconds: whole(-2_147_483_648),
      delaySeconds: seconds,
      maxConsecutiveFailures: whole(),
    },
    {
      protocol: "HTTP",
      ipProtocol: "IPv4",
      gracePeriodSeconds: 300,
      intervalSeconds: 60,
      timeoutSeconds: 20,
      delaySeconds: 15,
      maxConsecutiveFailures: 3,
    },
  ),
);

const shell = object({ shell: text() });
const argv = object({ argv: listOf(text()) });
export const command = chosen((value) => (has(value, "argv") ? argv : shell));

export const taskCheck = object(
  {},
  {
    http: object({}, { port: anyPort, portIndex: anyPort, path: shortPath, scheme }, { scheme: "HTTP" }),
    tcp: object({}, { port: anyPort, portIndex: anyPort }),
    exec: object({ command }),
    intervalSeconds: seconds,
    timeoutSeconds: seconds,
    delaySeconds: seconds,
  },
  { intervalSeconds: 60, timeoutSeconds: 20, delaySeconds: 15 },
);

export const readinessChecks = listOf(
  object(
    {},
    {
      name: filled,
      protocol: scheme,
      path: shortPath,
      portName,
      intervalSeconds: seconds,
      timeoutSeconds: whole(1),
      httpStatusCodesForReady: listOf(whole(100, 999), 1),
      preserveLastResponse: flag,
    },
    {
      name: "readinessCheck",
      protocol: "HTTP",
      path: "/",
      portName: "http-api",
      intervalSeconds: 30,
      timeoutSeconds: 10,
      httpStatusCodesForReady: [200],
      preserveLastResponse: false,
    },
  ),
);
