import { buildOnce } from "../../support/build";

/** The engine's provider process runs compiled handlers; a test of older ones would prove nothing. */
export function setup(): void {
  buildOnce();
}
