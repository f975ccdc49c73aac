import { isMap, isNode, LineCounter, parseDocument } from 'yaml';
import { type OciSeccomp, ociSeccomp } from '../../../server/guest/seccomp-schema.ts';
import type { LineProblem } from './code-editor.tsx';

/** More than any profile in use; what is larger is some other file. */
const MOST_CHARACTERS = 1024 * 1024;

/** Read an OCI seccomp profile (JSON): the profile, or what is wrong at which line. Never throws. */
export function readProfile(text: string): { profile: OciSeccomp | null; problems: LineProblem[] } {
  const failed = (line: number, message: string) => ({ profile: null, problems: [{ line, message }] });
  if (text.trim() === '') return failed(1, 'paste a profile, or choose its file');
  if (text.length > MOST_CHARACTERS) return failed(1, 'a profile has at most 1 MiB');
  let plain: unknown;
  try {
    plain = JSON.parse(text);
  } catch (error) {
    return failed(lineOfError(text, error), messageOf(error));
  }
  const result = ociSeccomp.safeParse(plain);
  if (result.success) return { profile: result.data, problems: [] };
  const problems = result.error.issues.map(({ path, message }) => ({
    line: lineInJson(text, path),
    message:
      path.length > 0 && !message.includes(String(path.at(-1))) ? `${path.join('.')}: ${message}` : message,
  }));
  return { profile: null, problems };
}

/** The line of the deepest part of `path` that a JSON text has. */
export function lineInJson(text: string, path: readonly PropertyKey[]): number {
  const lines = new LineCounter();
  // Any JSON is YAML, and this parser knows where each key stands.
  const document = parseDocument(text, { lineCounter: lines, logLevel: 'silent' });
  let line = 1;
  for (let length = 1; length <= path.length; length++) {
    const parent: unknown =
      length === 1 ? document.contents : document.getIn(path.slice(0, length - 1), true);
    const key = path[length - 1];
    const pair = isMap(parent) ? parent.items.find((item) => String(item.key) === String(key)) : undefined;
    const node: unknown = pair ? pair.key : document.getIn(path.slice(0, length), true);
    if (!isNode(node) || !node.range) break;
    line = lines.linePos(node.range[0]).line;
  }
  return line;
}

/** Engines tell a line, or an offset, or neither: then the other parser says where it stumbled, else it broke off at the end. */
function lineOfError(text: string, error: unknown): number {
  const message = String(error);
  const line = /line (\d+)/.exec(message)?.[1];
  if (line) return Number(line);
  const position = /position (\d+)/.exec(message)?.[1];
  if (position !== undefined) return text.slice(0, Number(position)).split('\n').length;
  const [stumble] = parseDocument(text, { logLevel: 'silent' }).errors;
  return stumble?.linePos?.[0].line ?? text.trimEnd().split('\n').length;
}

function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return `no JSON: ${text.replace(/ \(line .*\)$/, '').replace(/ in JSON at position \d+.*$/s, '')}`;
}
