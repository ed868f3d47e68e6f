/** Commands of the user's own around what a type does, by the names of their keys; they run on machines. */
export const PHASE_COMMANDS: readonly string[] = ["install", "customize", "launch"].flatMap((phase) => [
  `pre.${phase}.command`,
  `post.${phase}.command`,
]);
