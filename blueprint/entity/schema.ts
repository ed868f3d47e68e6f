import { z } from "zod";

const scalar = z.union([z.string(), z.number(), z.boolean()]);

const parameterSchema = z
  .strictObject({
    name: z.string().regex(/^[a-zA-Z][\w.]*$/),
    /** Other spellings of the key. */
    aliases: z.array(z.string().regex(/^[a-zA-Z][\w.]*$/)).default([]),
    /**
     * `port`: TCP port that the software listens on. `text`, `integer`, `boolean`: known before anything is deployed. `string`: may be an
     * expression. `secret`: the same, kept encrypted. `url`: an http:// or https:// address, or an expression. `list`: texts without white
     * space, one a line. `map`: names and such texts, one `name text` a line.
     */
    type: z.enum(["port", "text", "integer", "boolean", "string", "secret", "url", "list", "map"]),
    /** The texts of a list or a map are http:// or https:// addresses. */
    urls: z.boolean().default(false),
    /** What holds without the key; without it the value is empty, or the key has to be given if it is `required`. */
    default: scalar.optional(),
    required: z.boolean().default(false),
    /** Keys that have to be given with it. */
    needs: z.array(z.string()).default([]),
    /** What files and scripts of the machine call it, if not by its name, e.g. `port`: types of one machine form have keys of their own. */
    as: z
      .string()
      .regex(/^[a-z]\w*$/)
      .optional(),
    /** Containers of the type cannot honour it. */
    machinesOnly: z.boolean().default(false),
    /** What the key says, for people. */
    description: z.string(),
  })
  .refine(({ type, default: preset }) => type !== "port" || typeof preset === "number", "a port needs a default")
  .refine(({ type, default: preset }) => type !== "secret" || preset === undefined, "a secret has no default");

/** A sensor: an address of a port as other services reach it, or a fixed value. */
const sensorSchema = z.union([
  z.strictObject({
    /** Key of the port. */
    port: z.string(),
    /** `${address}` and `${port}` are where it answers; the other keys of the type are there too. */
    url: z.string().includes("${address}"),
  }),
  z.strictObject({ value: z.string() }),
]);

const words = z.array(scalar);

/** How the software runs as a container, in the keys of the blueprint language; `$brooklyn:config("key")` reads the service's own keys. */
const containerSchema = z.strictObject({
  /** As after `docker pull`; `${key}` stands for keys that are known before anything is deployed. */
  image: z.string(),
  env: z.record(z.string(), scalar).optional(),
  entrypoint: words.optional(),
  commands: words.optional(),
  healthCheck: z.record(z.string(), z.unknown()).optional(),
  user: scalar.optional(),
  stopSignal: z.string().optional(),
  stopTimeout: scalar.optional(),
  init: z.boolean().optional(),
});

/** A unit of systemd that runs the software, under a user of its own that can change nothing else. */
const unitSchema = z.strictObject({
  type: z.enum(["simple", "forking", "oneshot", "notify"]).default("simple"),
  exec: z.string(),
  /** What runs before it at every start, as its user: a command, not a line of shell. */
  prepare: z.string().optional(),
  /** What ends it, unless a signal does. */
  stop: z.string().optional(),
  /** Exit statuses that are no failure, e.g. 143 of Java after the signal. */
  successExitStatus: z.array(z.number().int()).default([]),
  /** It has a folder /run/<id>-clocker. */
  runtimeFolder: z.boolean().default(false),
  /** Unit of time: seconds. */
  stopTimeoutSeconds: z.number().int().positive().default(60),
  workingDirectory: z.string().optional(),
  environment: z.record(z.string(), z.string()).default({}),
  /** It makes code at run time, as Java and JavaScript do. */
  generatesCode: z.boolean().default(false),
  /** It runs as root, without the restrictions: for scripts of the user's own. */
  root: z.boolean().default(false),
});

/** How the software runs on a Debian or Ubuntu machine. Scripts are POSIX shell, run as root and may run again. */
const machineSchema = z
  .strictObject({
    /** Packages of the distribution; the first is what `install.version` is about, unless there is an archive. */
    packages: z.array(z.string()).default([]),
    /** Archive for `download.url`, unpacked to `$PREFIX`. */
    archive: z.string().optional(),
    /** After packages and archive, or in place of them. */
    install: z.string().optional(),
    /** `${key}` stands for the key's value, `${address}` for the machine's own address, `${unit}` for the name of unit, user and folders. */
    files: z
      .array(
        z.strictObject({
          path: z.string().startsWith("/"),
          mode: z
            .string()
            .regex(/^0[0-7]{3}$/)
            .optional(),
          content: z.string(),
        }),
      )
      .default([]),
    /** Once the files are there. */
    customize: z.string().optional(),
    /** Once it answers, at every update: what is set from within, e.g. passwords. `once` runs what is to happen only once. */
    populate: z.string().optional(),
    /** A unit of the distribution's; nothing is kept running without it and without a unit of its own. */
    service: z.string().optional(),
    unit: unitSchema.optional(),
    /** More files, by whose change the unit is started again. */
    watch: z.array(z.string()).default([]),
    /** Fails while the software does not answer, telling why. */
    check: z.string(),
  })
  .refine(({ service, unit }) => service === undefined || unit === undefined, "service and unit exclude each other");

/** The file of an entity type: what it is called, what can be set, how it runs on each kind of platform. */
export const entitySchema = z
  .strictObject({
    /** For people, e.g. `Redis`. */
    title: z.string(),
    /** Types of services that mean it; the first is the one that messages name. */
    types: z.array(z.string()).min(1),
    /** `install.version` without one in the blueprint; without it the software has no version. */
    version: scalar.transform(String).default(""),
    /** True: exactly that version is installed on machines. False: there it is what the distribution has, unless one is asked for. */
    exactVersion: z.boolean().default(false),
    startTimeoutSeconds: z.number().int().positive().default(600),
    parameters: z.array(parameterSchema).default([]),
    /** Groups of keys of which exactly one has to be given. */
    exactlyOne: z.array(z.array(z.string()).min(2)).default([]),
    /** Groups of keys of which one at most may be given. */
    atMostOne: z.array(z.array(z.string()).min(2)).default([]),
    sensors: z.record(z.string(), sensorSchema).default({}),
    container: containerSchema.optional(),
    /** As text: the machine form of that other type, whose files and scripts call the keys as this one does. */
    machine: z.union([machineSchema, z.string()]).optional(),
    /** A blueprint that uses it. */
    example: z.string(),
  })
  .refine(({ container, machine }) => container !== undefined || machine !== undefined, "it runs nowhere");

export type EntityParameter = z.output<typeof parameterSchema>;
export type EntityMachine = z.output<typeof machineSchema>;
export type EntityUnit = z.output<typeof unitSchema>;
/** An entity type; `id` is the name of its file. */
export type EntityType = Omit<z.output<typeof entitySchema>, "machine"> & {
  readonly id: string;
  readonly machine?: EntityMachine | undefined;
};
