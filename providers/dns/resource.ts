import type * as pulumi from "@pulumi/pulumi";
import { ClockerResource } from "../runtime/resource";
import type { RecordType } from "./record-data";

export interface RecordSetArgs {
  /** Full name, with or without a dot at its end. Another one replaces. */
  readonly name: pulumi.Input<string>;
  /** Another one replaces. */
  readonly type: pulumi.Input<RecordType>;
  /**
   * One or more: addresses, names, texts; for SRV priority, weight, port and target such as `0 0 8080 web.example.com`. Their order
   * means nothing.
   */
  readonly values: pulumi.Input<readonly pulumi.Input<string>[]>;
  /** Seconds, 1 to 604800. */
  readonly ttl: pulumi.Input<number>;
}

/**
 * All values of one type under one name, on the name server of `clocker:network.dns`, written by signed updates (RFC 2136). What others
 * hold under that name and type is never taken over, overwritten or deleted.
 */
export class RecordSet extends ClockerResource {
  declare readonly name: pulumi.Output<string>;
  declare readonly type: pulumi.Output<RecordType>;
  declare readonly values: pulumi.Output<readonly string[]>;
  declare readonly ttl: pulumi.Output<number>;

  constructor(name: string, args: RecordSetArgs, opts?: pulumi.CustomResourceOptions) {
    super("dns.RecordSet", name, { ...args }, opts);
  }
}
