const told = new Set<string>();

/** Says something to the user, once in a preview or update. */
export function tell(text: string): void {
  if (!told.has(text)) console.log(text);
  told.add(text);
}
