import { expect } from "vitest";

const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

export interface Picture {
  /** Key under which the picture is kept in Redis. */
  readonly key: string;
  /** `hit` when it came from Redis. */
  readonly cache: string | null;
}

/** Opens the talk's page as a browser would: the page, then the picture in it. */
export async function openPage(url: string | undefined, name: string): Promise<Picture> {
  const page = await fetch(`${url}?name=${encodeURIComponent(name)}`, { signal: AbortSignal.timeout(30_000) });
  expect(page.status).toBe(200);
  const source = /src="(\/monster\/([0-9a-f]+))"/.exec(await page.text());
  expect(source, "the page holds a picture").not.toBeNull();
  const picture = await fetch(new URL(source?.[1] ?? "", url), { signal: AbortSignal.timeout(30_000) });
  expect(picture.status).toBe(200);
  expect(picture.headers.get("content-type")).toBe("image/png");
  expect(Buffer.from(await picture.arrayBuffer()).subarray(0, 8)).toEqual(PNG);
  return { key: source?.[2] ?? "", cache: picture.headers.get("x-cache") };
}
