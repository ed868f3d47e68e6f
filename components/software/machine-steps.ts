import type { SetupStep } from "../../providers/machine/setup-inputs";

/**
 * Shell function `restart_if_changed <unit> <file>...`: (re)starts a unit only if it does not run or was started with other files, so
 * that a repeated setup cuts no connection.
 */
export const RESTART_IF_CHANGED = `restart_if_changed() {
  unit=$1; shift
  stamp="/run/clocker-$unit.sum"
  now=$(cat "$@" | sha256sum)
  if systemctl is-active --quiet "$unit" && [ "$now" = "$(cat "$stamp" 2>/dev/null)" ]; then return 0; fi
  systemctl enable --quiet "$unit"
  systemctl reset-failed "$unit" 2>/dev/null || true
  systemctl restart "$unit"
  echo "$now" >"$stamp"
}`;

/** Until then cloud-init may hold the package manager or write files of its own. */
export const WAIT_FOR_FIRST_BOOT: SetupStep = {
  name: "wait for the machine's first boot",
  script: "if command -v cloud-init >/dev/null; then cloud-init status --wait >/dev/null || true; fi",
};
