/** The page on which two guests stand side by side. Not below /guests: any name there is a guest's. */
export function compareHref(a: string, b: string | null): string {
  const query = new URLSearchParams({ a, ...(b !== null && { b }) });
  return `/compare?${query}`;
}
