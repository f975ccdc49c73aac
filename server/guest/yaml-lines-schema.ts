import { type Document, isMap, isNode, type LineCounter, type ParsedNode, visit } from 'yaml';

type Parsed = Document.Parsed<ParsedNode, boolean>;

/** Where an alias stands, null for none; resolving them is how a small text becomes a huge value. Pure. */
export function firstAlias(document: Parsed): number | null {
  let at: number | null = null;
  visit(document, {
    Alias: (_key, node) => {
      at = node.range?.[0] ?? 0;
      return visit.BREAK;
    },
  });
  return at;
}

/** The line, counted from 1, of the deepest part of `path` that the text has. Pure. */
export function lineOfPath(document: Parsed, lines: LineCounter, path: readonly PropertyKey[]): number {
  for (let length = path.length; length > 0; length--) {
    const parent: unknown =
      length === 1 ? document.contents : document.getIn(path.slice(0, length - 1), true);
    const last = path[length - 1];
    if (isMap(parent)) {
      const pair = parent.items.find((item) => isNode(item.key) && String(item.key) === String(last));
      if (pair && isNode(pair.key) && pair.key.range) return lines.linePos(pair.key.range[0]).line;
    }
    const node: unknown = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
  }
  return 1;
}
