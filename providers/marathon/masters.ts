import type { Deadline } from "../runtime/deadline";
import type { AddressSource } from "./addresses";

/** Marathon's masters as far as they are known, and the one that requests go to at present. */
export class Masters {
  readonly #source: AddressSource;
  #urls: readonly string[] = [];
  #current = 0;

  constructor(source: AddressSource) {
    this.#source = source;
  }

  get count(): number {
    return this.#urls.length;
  }

  /** Base URL of the present one, without a slash at its end; it may hold credentials. */
  get url(): string {
    return (this.#urls[this.#current] ?? "").replace(/\/+$/, "");
  }

  /** That URL without credentials, for messages. */
  get name(): string {
    return withoutCredentials(this.url) || "an unknown address";
  }

  /** What to hide in messages. */
  get passwords(): string[] {
    return this.#urls.map((url) => decodeURIComponent(new URL(url).password)).filter((password) => password !== "");
  }

  /** Asks for the addresses; the present one stays if it is among them. If nobody tells them any more, they stay. */
  async refresh(deadline: Deadline): Promise<void> {
    const present = this.#urls[this.#current];
    this.#urls = await this.#source(deadline).catch((error) => {
      if (this.#urls.length === 0) throw error;
      return this.#urls;
    });
    this.#current = Math.max(0, present === undefined ? 0 : this.#urls.indexOf(present));
  }

  /** Goes on to the next one, unless somebody else has left `url` already. */
  leave(url: string): void {
    if (url === this.url) this.#current = (this.#current + 1) % this.#urls.length;
  }

  /**
   * The URL to follow where the present master redirects to its leader. Credentials go only to hosts that have them anyway,
   * and not in clear if they were encrypted.
   * @param credentials Whether requests carry any beside those in the URLs.
   * @throws Error if `location` is no URL, or one of a host that is not among the masters.
   */
  leader(location: string, credentials: boolean): string {
    const target = new URL(location, this.url);
    const ours = this.#urls.map((url) => new URL(url)).filter(({ hostname }) => hostname === target.hostname);
    const trusted = ours.find(({ protocol }) => protocol === target.protocol || target.protocol === "https:");
    if (!trusted && (credentials || this.passwords.length > 0)) {
      throw new Error(`${this.name} leads to ${target.host}, which is none of the masters`);
    }
    target.username = trusted?.username ?? "";
    target.password = trusted?.password ?? "";
    return target.href;
  }
}

function withoutCredentials(address: string): string {
  if (!URL.canParse(address)) return "";
  const { origin, pathname } = new URL(address);
  return `${origin}${pathname}`.replace(/\/+$/, "");
}
