/** A pool stays, for addresses of it are in use; the message lists them. */
export class PoolInUse extends Error {
  override readonly name = "PoolInUse";
}
