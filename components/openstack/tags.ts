/** Neutron's limit, in older releases. */
const TAG_LIMIT = 60;

/** Labels as the tags that Neutron's resources bear: `key=value`, in order, without commas, which separate tags there. */
export function tagsOf(labels: Readonly<Record<string, string>>): string[] {
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`.replaceAll(",", "_").slice(0, TAG_LIMIT))
    .sort();
}
