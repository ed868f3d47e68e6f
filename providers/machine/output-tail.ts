const LIMIT_BYTES = 16_384;

/** The end of a stream of any length in bounded memory. */
export class OutputTail {
  private bytes = Buffer.alloc(0);

  add(data: Buffer): void {
    this.bytes = Buffer.concat([this.bytes, data]).subarray(-LIMIT_BYTES);
  }

  get text(): string {
    return this.bytes.toString("utf8");
  }
}
