/** Split a line into words as a shell would: quotes and backslashes, no expansion. Null when a quote is left open. */
export function splitWords(line: string): string[] | null {
  const words: string[] = [];
  const word = /\s*((?:[^\s"'\\]|\\.|"(?:[^"\\]|\\.)*"|'[^']*')+)/sy;
  let end = 0;
  for (let match = word.exec(line); match; match = word.exec(line)) {
    end = word.lastIndex;
    words.push((match[1] ?? '').replace(/'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)/gs, unquote));
  }
  return line.slice(end).trim() === '' ? words : null;
}

function unquote(_all: string, single?: string, double?: string, escaped?: string): string {
  if (single !== undefined) return single;
  if (double !== undefined) return double.replace(/\\(["\\$`])/g, '$1');
  return escaped ?? '';
}
