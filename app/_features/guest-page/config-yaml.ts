import { Document, isMap, isScalar, LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { guestWords } from '../../../server/guest/record-schema.ts';
import {
  configureGuestInput,
  guestInit,
  guestIsolation,
  guestLimits,
  guestView,
} from '../../../server/guest/schema.ts';
import { withSizes } from '../../../server/guest/setting-paths-schema.ts';
import { formatSize, parseSize } from '../../../server/guest/size-schema.ts';
import { firstAlias, lineOfPath } from '../../../server/guest/yaml-lines-schema.ts';
import { explainIssues, type GuestConfig } from '../settings/index.ts';
import { fillDefaults } from './config-defaults.ts';
import { unknownKeys } from './unknown-keys.ts';

/** Something wrong with the text, at a line counted from 1. */
export interface ConfigProblem {
  line: number;
  /** The setting, where it is one: `isolation.mounts.0.target`. */
  path: string;
  message: string;
}

const { command, stopTimeoutMs } = configureGuestInput.required().shape;
const configSchema = z.object({
  limits: guestLimits,
  isolation: guestIsolation,
  init: guestInit,
  command,
  stopTimeoutMs,
  ...guestWords.shape,
  alwaysRecorded: guestView.shape.alwaysRecorded,
});
const KEYS = Object.keys(configSchema.shape);
/** Many times the longest that there can be; a text as large as one likes would hold the page up at each key (CVE-2026-41648). */
const MOST_CHARACTERS = 512 * 1024;

/** The configuration as YAML: every setting, sizes with IEC units wherever that loses nothing, file modes octal. */
export function toYaml(config: GuestConfig): string {
  const { limits, isolation, init, command, stopTimeoutMs, alwaysRecorded } = config;
  const { owner, tags, notes, contact, links, expires, atExpiry, fields } = config;
  const words = { owner, tags, notes, contact, links, expires, atExpiry, fields };
  const whole = { ...words, alwaysRecorded, limits, isolation, init, command, stopTimeoutMs };
  const document = new Document(withSizes(whole, [], writeSize));
  isolation.devices.forEach((_device, index) => {
    const mode: unknown = document.getIn(['isolation', 'devices', index, 'mode'], true);
    if (isScalar(mode)) mode.format = 'OCT';
  });
  return document.toString({ lineWidth: 0 });
}

/** Read YAML back: the configuration, or every problem with the line it is on. What is left out has its default. Never throws. */
export function parseConfig(text: string): { config: GuestConfig | null; problems: ConfigProblem[] } {
  if (text.length > MOST_CHARACTERS) {
    const message = `a configuration has at most ${MOST_CHARACTERS / 1024} KiB`;
    return { config: null, problems: [{ line: 1, path: '', message }] };
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
  const lineOf = (path: readonly PropertyKey[]) => lineOfPath(document, lines, path);
  const failed = (line: number, message: string) => ({
    config: null,
    problems: [{ line, path: '', message }],
  });
  const problems: ConfigProblem[] = document.errors.map((error) => ({
    line: lines.linePos(error.pos[0]).line,
    path: '',
    message: error.message.split('\n')[0]?.replace(/ at line .*$/, '') ?? 'this is not YAML',
  }));
  if (problems.length > 0) return { config: null, problems };
  if (!isMap(document.contents)) return failed(1, `a configuration has the keys ${KEYS.join(', ')}`);
  const alias = firstAlias(document);
  if (alias !== null) return failed(lines.linePos(alias).line, 'aliases are not used here');
  const plain: unknown = document.toJS();
  for (const { path, known } of unknownKeys(configSchema, plain)) {
    problems.push({
      line: lineOf(path),
      path: path.join('.'),
      message: `${path.join('.')} is not known here: use ${known.join(', ')}`,
    });
  }
  const result = configSchema.safeParse(fillDefaults(withSizes(plain, [], readSize)));
  if (!result.success) {
    problems.push(
      ...explainIssues(result.error).map(({ path, message }) => ({
        line: lineOf(path),
        path: path.join('.'),
        message,
      })),
    );
  }
  problems.sort((a, b) => a.line - b.line);
  return { config: result.success && problems.length === 0 ? result.data : null, problems };
}

/** The line that an error of the server about `path` belongs to. */
export function lineOfField(text: string, path: readonly PropertyKey[]): number {
  const lines = new LineCounter();
  return lineOfPath(parseDocument(text, { lineCounter: lines }), lines, path);
}

function writeSize(value: unknown): unknown {
  return typeof value === 'number' ? formatSize(value) : value;
}

function readSize(value: unknown): unknown {
  return typeof value === 'string' ? (parseSize(value) ?? value) : value;
}
