import type { Case } from "./case";
import { NETWORK_CASES } from "./network-cases";
import { NODE_CASES } from "./node-cases";
import { OTHER_CASES } from "./other-cases";
import { POLICY_CASES } from "./policy-cases";

export const CASES: readonly Case[] = [...POLICY_CASES, ...NETWORK_CASES, ...NODE_CASES, ...OTHER_CASES];
