import type Docker from "dockerode";
import { followProgress } from "./follow";

const FIRST_ANSWER_MS = 8_000;
const SILENCE_MS = 60_000;

/** Tries to pull an image; false if no registry answers soon or does not give it. */
export async function tryPull(docker: Docker, image: string): Promise<boolean> {
  const first = new AbortController();
  const timer = setTimeout(() => first.abort(), FIRST_ANSWER_MS);
  try {
    const stream = await docker.pull(image, { abortSignal: first.signal });
    clearTimeout(timer);
    await followProgress(docker, stream, () => undefined, SILENCE_MS);
    return true;
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}
