const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Runs `work`. When the process is told to stop meanwhile, `cleanup` runs first (it must not wait); then the signal takes
 * the course it would have taken without us.
 */
export async function guarded<T>(cleanup: () => void, work: () => Promise<T>): Promise<T> {
  const stop = (signal: NodeJS.Signals): void => {
    release();
    cleanup();
    if (process.listenerCount(signal) === 0) {
      process.kill(process.pid, signal);
    }
  };
  const release = (): void => {
    for (const signal of signals) {
      process.off(signal, stop);
    }
  };
  for (const signal of signals) {
    process.on(signal, stop);
  }
  try {
    return await work();
  } finally {
    release();
  }
}
