import type { EntityType } from "../blueprint/entity/schema";
import { code, table } from "./markdown";

/** What is to know of an entity type, from its file. */
export function entitySection(entity: EntityType): string {
  const { title, types, version, exactVersion, parameters, sensors, machine, container, example } = entity;
  const onMachines =
    version === "" ? "" : exactVersion ? ", in that version" : ", in the distribution's version unless one is written";
  const places = [
    ...(container ? [`as the image ${code(container.image)}`] : []),
    ...(machine ? [`on a Debian or Ubuntu machine${onMachines}`] : []),
  ];
  const ports = parameters.filter(({ type }) => type === "port").map(({ name }) => name);
  const published = [...ports, ...Object.keys(sensors)];
  return [
    `### ${title}`,
    `Types: ${types.map(code).join(", ")}. Runs ${places.join(", and ")}.${version === "" ? "" : ` \`install.version\` is ${version} if the blueprint does not say.`}`,
    ...(parameters.length === 0
      ? []
      : [
          table(
            ["key", "value", "default", "meaning"],
            parameters.map((one) => [
              [one.name, ...one.aliases].map(code).join(", "),
              one.type,
              one.required ? "has to be written" : String(one.default ?? ""),
              one.description,
            ]),
          ),
        ]),
    ...(published.length === 0 ? [] : [`Sensors: ${published.map(code).join(", ")}.`]),
    `\`\`\`yaml\n${example.trimEnd()}\n\`\`\``,
  ].join("\n\n");
}
