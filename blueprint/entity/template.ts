/**
 * A template with `${key}` replaced by the key's value.
 * @throws Error for a key that has none.
 */
export function fill(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(/\$\{([\w.]+)\}/g, (_, key: string) => {
    const value = Object.hasOwn(values, key) ? values[key] : undefined;
    if (value === undefined) throw new Error(`'\${${key}}' has no value; there are ${Object.keys(values).join(", ")}`);
    return value;
  });
}
