import type { Handler } from "../runtime/handler";

const pending = async () => {
  throw new Error("marathon.App is not implemented yet");
};

export const appHandler: Handler = {
  check: pending,
  diff: pending,
  create: pending,
  read: pending,
  update: pending,
  delete: pending,
};
