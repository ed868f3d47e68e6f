import type Docker from "dockerode";

/** What an engine reports while it builds, pulls or loads. */
interface ProgressEvent {
  readonly stream?: string;
  readonly status?: string;
  readonly error?: string;
}

/** Reads an engine's progress to its end; an error in it is thrown, and so is silence beyond `silenceMs`. */
export async function followProgress(
  docker: Docker,
  stream: NodeJS.ReadableStream,
  tell: (text: string) => void,
  silenceMs?: number,
): Promise<void> {
  const destroy = () => {
    if ("destroy" in stream && typeof stream.destroy === "function") stream.destroy();
  };
  await new Promise<void>((resolve, reject) => {
    let timer: NodeJS.Timeout | undefined;
    const wind = () => {
      clearTimeout(timer);
      if (silenceMs === undefined) return;
      timer = setTimeout(() => {
        reject(new Error(`nothing heard for ${silenceMs / 1000} s`));
        destroy();
      }, silenceMs);
    };
    wind();
    docker.modem.followProgress(
      stream,
      (error: Error | null) => {
        clearTimeout(timer);
        if (error) reject(error);
        else resolve();
      },
      (event: ProgressEvent) => {
        wind();
        if (event.error) {
          clearTimeout(timer);
          reject(new Error(event.error.trim()));
        } else tell(event.stream ?? event.status ?? "");
      },
    );
  });
}
