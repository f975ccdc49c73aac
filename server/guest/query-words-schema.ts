export type QuerySign = '>' | '>=' | '<' | '<=' | '=';

/** Parts between separators, but for those in quotes; the quotes stay. Pure. */
export function splitOutside(text: string, separator: RegExp): string[] {
  const parts: string[] = [''];
  let quoted = false;
  for (const letter of text) {
    if (letter === '"') quoted = !quoted;
    if (!quoted && separator.test(letter)) parts.push('');
    else parts[parts.length - 1] += letter;
  }
  return parts.filter((part) => part !== '');
}

export const unquoted = (text: string) => text.replaceAll('"', '');
