import {
  type CreateGuestInput,
  createGuestInput,
  type GuestDefaults,
  type GuestInit,
  type GuestIsolation,
  type GuestKind,
  type GuestLimits,
  LEAST_LIMITS,
} from '../../../server/guest/schema.ts';
import { DEFAULT_PROJECT } from '../../../server/project/schema.ts';
import { formatBytesExact, formatBytesWithin, formatCores, shellQuote, splitWords } from '../../_ui/index.ts';
import { DEFAULT_SETTINGS, explainIssues, sameValue } from '../settings/index.ts';

/** What the new-guest sheet holds; numbers are NaN while their text is none. */
export interface GuestDraft {
  name: string;
  image: string;
  project: string;
  kind: GuestKind;
  /** As typed, in shell words. */
  command: string;
  limits: GuestLimits;
  isolation: GuestIsolation;
  init: GuestInit;
}

export type LimitName = 'cpu' | 'memory' | 'swap' | 'pids';

/** Problems by path into the input: `limits.memory`. */
export type DraftProblems = Record<string, string>;

/** The sheet as it opens: everything filled in. */
export function draftOf(defaults: GuestDefaults): GuestDraft {
  const { name, image, kind, limits } = defaults;
  const project = defaults.projects[0] ?? DEFAULT_PROJECT;
  const { isolation, init } = DEFAULT_SETTINGS;
  return { name, image, project, kind, command: '', limits, isolation, init };
}

/** What is sent for a draft. */
export function inputOf(draft: GuestDraft, start: boolean): CreateGuestInput {
  const command = splitWords(draft.command) ?? [];
  return {
    name: draft.name,
    image: draft.image,
    kind: draft.kind,
    ...(draft.project !== DEFAULT_PROJECT && { project: draft.project }),
    ...(command.length > 0 && { command }),
    limits: draft.limits,
    ...(!sameValue(draft.isolation, DEFAULT_SETTINGS.isolation) && { isolation: draft.isolation }),
    ...(!sameValue(draft.init, DEFAULT_SETTINGS.init) && { init: draft.init }),
    start,
  };
}

const UNIT: Record<LimitName, (value: number) => string> = {
  cpu: (value) => `${formatCores(value)} cores`,
  memory: formatBytesExact,
  swap: formatBytesExact,
  pids: String,
};

/** What the host has, as a person would type it. */
const BOUND: typeof UNIT = { ...UNIT, memory: formatBytesWithin, swap: formatBytesWithin };

/** What is wrong with a draft, before the server is asked: by field. Empty when nothing is. */
export function findProblems(draft: GuestDraft, bounds: GuestDefaults['bounds']): DraftProblems {
  const problems: DraftProblems = {};
  if (splitWords(draft.command) === null) problems.command = 'a quote is left open in the command';
  for (const name of ['cpu', 'memory', 'swap', 'pids'] as const) {
    const value = draft.limits[name];
    if (Number.isNaN(value))
      problems[`limits.${name}`] = `${name} is a number, such as ${BOUND[name](bounds[name])}`;
    else if (value < LEAST_LIMITS[name]) {
      problems[`limits.${name}`] =
        `${UNIT[name](value)} is too little: at least ${UNIT[name](LEAST_LIMITS[name])}`;
    } else if (value > bounds[name]) {
      problems[`limits.${name}`] =
        `${UNIT[name](value)} is more than this host has: at most ${BOUND[name](bounds[name])}`;
    }
  }
  const parsed = createGuestInput.safeParse(inputOf(draft, true));
  for (const { path, message } of explainIssues(parsed.error ?? { issues: [] }))
    problems[path.join('.')] ??= message;
  return problems;
}

/** The command line that does the same. */
export function commandLineOf(draft: GuestDraft, start: boolean): string {
  const { limits } = draft;
  const size = (bytes: number) => formatBytesExact(bytes).replace(' ', '');
  const parts = [
    'berth guest create',
    shellQuote(draft.name || 'NAME'),
    `--image ${draft.image}`,
    `--kind ${draft.kind}`,
    `--cpu ${limits.cpu}`,
    `--memory ${size(limits.memory)}`,
    `--swap ${size(limits.swap)}`,
    `--pids ${limits.pids}`,
  ];
  const { isolation, init } = inputOf(draft, start);
  if (draft.project !== DEFAULT_PROJECT) parts.push(`--project ${draft.project}`);
  if (isolation || init) parts.push('--settings', shellQuote(JSON.stringify({ isolation, init })));
  if (start) parts.push('--start');
  const command = splitWords(draft.command) ?? [];
  if (command.length > 0) parts.push('--', ...command.map(shellQuote));
  return parts.join(' ');
}
