import type { Deadline } from "../runtime/deadline";
import { MarathonError } from "./error";

const FIRST_PAUSE = 250;
const LONGEST_PAUSE = 4_000;

/**
 * Sends a change that must not take effect twice. Where Marathon may have taken it although its answer was lost, `taken` looks
 * for the effect, and the change is sent again only if there is none.
 * @param taken The result as far as it can be seen; undefined if there is no effect.
 * @throws MarathonError of the last attempt, `ambiguous` if nobody could look what it did.
 */
export async function once<T>(
  deadline: Deadline,
  send: () => Promise<T>,
  taken: () => Promise<T | undefined>,
): Promise<T> {
  let answered: MarathonError | undefined;
  for (let pause = FIRST_PAUSE; ; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
    try {
      return await send();
    } catch (error) {
      if (!(error instanceof MarathonError && error.ambiguous)) throw error;
      if (error.status > 0) answered = error;
      if (deadline.expired) throw outOfTime(error, answered);
      // A leader that resigns may still finish what it has begun.
      await deadline.sleep(pause);
      if (deadline.expired) throw outOfTime(error, answered);
      const result = await taken().catch((failure: unknown) => {
        throw deadline.expired && failure instanceof MarathonError ? outOfTime(error, answered) : failure;
      });
      if (result !== undefined) return result;
      error.untaken = true;
      if (!error.transient) throw error;
    }
  }
}

/** That the time is up says less than what Marathon answered until then; what the last attempt did is as open as before. */
function outOfTime(last: MarathonError, answered: MarathonError | undefined): MarathonError {
  if (answered !== undefined) answered.untaken = last.untaken;
  return answered ?? last;
}
