/** One use of a catalog item by a service; two uses of one item are two of these. Values that the item writes know their use. */
export interface ItemUse {
  /** Id and version of the item. */
  readonly id: string;
  readonly version: string;
  /** The id that the item itself gives to what it makes. */
  readonly written?: string;
  /** The use in whose item this one stands; absent for one in the blueprint. */
  readonly outer?: ItemUse;
}
