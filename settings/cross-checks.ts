import type { Diagnostic } from "../blueprint/model";
import { calicoChecks } from "./calico-checks";
import { valueAt } from "./issues";
import { mesosChecks } from "./mesos-checks";
import { configPath, settingsProblem } from "./problem";

/** What no single field can tell. Works on values as they come, so that it finds its problems beside those of the schema. */
export function crossChecks(input: unknown): Diagnostic[] {
  return [
    ...entries(valueAt(input, ["locations"])).flatMap(([name, location]) => [
      ...(valueAt(location, ["type"]) === "openstack" ? openstackCredentials(name, location) : []),
      ...mesosChecks(name, location),
      ...containerizer(name, location, input),
      ...hostEndpoints(name, location, input),
      ...["hosts", "agents"].flatMap((group) =>
        entries(valueAt(location, [group])).flatMap(([host, value]) =>
          dockerTransport(configPath(["locations", name, group, host]), value),
        ),
      ),
    ]),
    ...calicoChecks(input),
    ...resolverPort(input),
  ];
}

function entries(value: unknown): [string, unknown][] {
  return typeof value === "object" && value !== null ? Object.entries(value) : [];
}

const USER_FIELDS = ["userName", "password", "projectName"];
const APPLICATION_FIELDS = ["applicationCredentialId", "applicationCredentialSecret"];

/** Either a user in a project, or an application credential, which implies both. */
function openstackCredentials(name: string, location: unknown): Diagnostic[] {
  const path = configPath(["locations", name]);
  const given = (fields: readonly string[]) => fields.filter((field) => valueAt(location, [field]) !== undefined);
  const missing = (fields: readonly string[]) => fields.filter((field) => valueAt(location, [field]) === undefined);
  const user = given(USER_FIELDS);
  const application = given(APPLICATION_FIELDS);
  const problem = (code: string, message: string, remedy: string) => [
    settingsProblem("error", code, path, `${path} ${message}`, remedy),
  ];
  if (user.length > 0 && application.length > 0) {
    return problem(
      "conflicting-credentials",
      `has both ${user.join(", ")} and ${application.join(", ")}`,
      "keep either the user or the application credential",
    );
  }
  const fields = application.length > 0 ? APPLICATION_FIELDS : USER_FIELDS;
  const absent = missing(fields);
  return absent.length === 0
    ? []
    : problem(
        "missing-credentials",
        `lacks ${absent.join(", ")}`,
        `give userName, password and projectName, or applicationCredentialId and applicationCredentialSecret; credentials by pulumi config set --secret --path '${path}.${fields.includes("password") ? "password" : "applicationCredentialSecret"}'`,
      );
}

/** No resolver's configuration names a port. */
function resolverPort(input: unknown): Diagnostic[] {
  const at = (key: string) => valueAt(input, ["network", "dns", key]);
  const port = at("port");
  if (![true, "true"].some((on) => on === at("resolver")) || port === undefined || Number(port) === 53) return [];
  return [
    settingsProblem(
      "error",
      "resolver-port",
      configPath(["network", "dns", "resolver"]),
      `clocker:network.dns.resolver is true, but dns.port is ${String(port)}: containers and machines ask on port 53 alone`,
      "let the name server answer on port 53 and remove dns.port, or remove dns.resolver",
    ),
  ];
}

/** What Felix on the machines of a location needs. */
function hostEndpoints(name: string, location: unknown, input: unknown): Diagnostic[] {
  if (String(valueAt(location, ["hostEndpoints"])) !== "true") return [];
  const at = (key: string) => configPath(["locations", name, key]);
  const missing = ["felixUrl", "felixSha256"].filter((key) => valueAt(location, [key]) === undefined);
  return [
    ...missing.map((key) =>
      settingsProblem(
        "error",
        "missing-setting",
        at(key),
        `${at(key)} is missing, and ${at("hostEndpoints")} shall run that program`,
        `pulumi config set --path '${at(key)}'; or remove hostEndpoints`,
      ),
    ),
    ...(valueAt(input, ["network", "calico"]) === undefined
      ? [
          settingsProblem(
            "error",
            "host-endpoints-without-calico",
            at("hostEndpoints"),
            `${at("hostEndpoints")} is true, but there is no clocker:network.calico that machines could take part in`,
            "set clocker:network.calico, or remove hostEndpoints",
          ),
        ]
      : []),
  ];
}

/** What has no effect with the containerizer of a Marathon location. */
function containerizer(name: string, location: unknown, input: unknown): Diagnostic[] {
  const mesos = valueAt(location, ["containerizer"]) === "mesos";
  const path = configPath(["locations", name, mesos ? "containerizer" : "network"]);
  if (!mesos) {
    const network = valueAt(location, ["network"]);
    return typeof network !== "string"
      ? []
      : [
          settingsProblem(
            "error",
            "unused-setting",
            path,
            `${path} is '${network}', which only tasks of Mesos' own containerizer join`,
            "set containerizer: mesos, or remove network",
          ),
        ];
  }
  return String(valueAt(input, ["network", "dns", "resolver"])) !== "true"
    ? []
    : [
        settingsProblem(
          "warning",
          "resolver-not-given",
          path,
          `tasks of location '${name}' do not learn of clocker:network.dns.resolver: with containerizer: mesos their CNI network says which name server they ask`,
          "write that server into the configuration of the agents' CNI network",
        ),
      ];
}

function dockerTransport(path: string, host: unknown): Diagnostic[] {
  const url = valueAt(host, ["url"]);
  if (typeof url !== "string") {
    return [];
  }
  const tls = valueAt(host, ["tls"]) !== undefined;
  if (url.startsWith("tcp://") && !tls) {
    return [
      settingsProblem(
        "warning",
        "docker-without-tls",
        `${path}.url`,
        `${path} reaches its Docker Engine over TCP without TLS: whoever reaches that port is root on the host`,
        `give it tls.ca, tls.cert and tls.key, or use ssh://`,
      ),
    ];
  }
  return tls && /^(ssh|unix):/.test(url)
    ? [
        settingsProblem(
          "error",
          "tls-without-tcp",
          `${path}.tls`,
          `${path}.tls is given, but '${url.replace(/:.*/, "")}://' does not use it`,
          "remove tls, or use a tcp:// URL",
        ),
      ]
    : [];
}
