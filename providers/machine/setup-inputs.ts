import { z } from "zod";

const stepSchema = z.object({
  /** Shown when it fails. */
  name: z.string(),
  /** POSIX shell, idempotent, stopped at the first failing command. */
  script: z.string(),
  /** As root; default true. */
  sudo: z.boolean().default(true),
});

const fileSchema = z.object({
  path: z.string().startsWith("/"),
  content: z.string(),
  /** Octal, e.g. `0644`. */
  mode: z
    .string()
    .regex(/^0?[0-7]{3}$/)
    .default("0644"),
});

const verifySchema = z.object({
  script: z.string(),
  /** What the script must write to standard output, but for white space at its ends. */
  expect: z.string(),
  sudo: z.boolean().default(true),
});

/** Inputs of `machine.Setup`. */
export const setupInputsSchema = z.object({
  machine: z.string(),
  address: z.string(),
  port: z.number(),
  user: z.string(),
  privateKey: z.string(),
  files: z.array(fileSchema).default([]),
  steps: z.array(stepSchema).default([]),
  verify: verifySchema,
  teardown: z.string().optional(),
  redact: z.array(z.string()).default([]),
  timeoutSeconds: z.number(),
});

export type SetupInputs = z.infer<typeof setupInputsSchema>;
/** A step as a caller writes it. */
export type SetupStep = z.input<typeof stepSchema>;
/** A file as a caller writes it; owned by root. */
export type SetupFile = z.input<typeof fileSchema>;
/** The test that tells whether the machine is as wanted, as a caller writes it. */
export type SetupVerify = z.input<typeof verifySchema>;
