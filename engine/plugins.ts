import { runCommand } from "./command";
import { EngineError } from "./errors";
import { hasPlugin } from "./layout";
import { reportProgress } from "./progress";
import type { Plugin } from "./requirements";

const installTimeoutMs = 300_000;

/** Lets a CLI fetch the missing plugins the official way into `home`. Throws an EngineError when it cannot. */
export async function installPlugins(
  pulumi: string,
  home: string,
  plugins: readonly Plugin[],
  context: { readonly env: NodeJS.ProcessEnv; readonly log: (line: string) => void },
): Promise<void> {
  for (const plugin of plugins.filter((candidate) => !hasPlugin(home, candidate))) {
    const label = `plugin ${plugin.name} ${plugin.version}`;
    const result = await reportProgress(context.log, `installing ${label}`, () =>
      // Without `--exact` a newer one in the home would do for Pulumi, but the program asks for this version.
      runCommand(pulumi, ["plugin", "install", "resource", plugin.name, plugin.version, "--exact"], {
        env: { ...context.env, PULUMI_HOME: home, PULUMI_SKIP_UPDATE_CHECK: "true" },
        timeoutMs: installTimeoutMs,
      }),
    );
    if (result.code !== 0 || !hasPlugin(home, plugin)) {
      const reason = result.timedOut ? "no end after 5 minutes" : lastLine(result.stderr || result.stdout);
      throw new EngineError(
        `${label} could not be installed by ${pulumi}: ${reason}`,
        `allow https to github.com and get.pulumi.com, or run "pulumi plugin install resource ${plugin.name} ${plugin.version} --exact" yourself`,
      );
    }
  }
}

export function lastLine(text: string): string {
  return text.trimEnd().split("\n").at(-1) ?? "";
}
