import type { AuditEntry } from '../audit/schema.ts';
import { harmless } from './clean-text.ts';
import type { CommandSpec, Invocation } from './command.ts';
import { confirm } from './confirm.ts';
import { misused } from './fail.ts';
import { formatTable } from './table.ts';
import { formatAgo } from './units.ts';

const COLUMNS = [
  ...[{ title: 'SEQ' }, { title: 'WHEN' }, { title: 'WHO' }, { title: 'BY' }, { title: 'DID' }],
  ...[{ title: 'TO' }, { title: 'END' }],
];
const FILTERS = {
  guest: { type: 'string', value: 'GUEST', help: 'only what was done to this guest' },
  user: { type: 'string', value: 'USER', help: 'only what this user did; also root and policy' },
  action: { type: 'string', value: 'TEXT', help: 'only actions with this text, as guest.delete' },
} as const;
/** Entries of one answer. */
const PAGE = 500;

const filtersOf = ({ text }: Pick<Invocation, 'text'>) => ({
  guest: text('guest'),
  actor: text('user'),
  action: text('action'),
});

function numberOf({ text }: Pick<Invocation, 'text'>, name: string): number | undefined {
  const given = text(name);
  if (given === undefined) return undefined;
  if (!/^\d{1,9}$/.test(given)) throw misused(`--${name} is a whole number, not ${JSON.stringify(given)}`);
  return Number(given);
}

function endOf({ outcome, reason, operation }: AuditEntry): string {
  if (outcome !== 'done') return harmless(`${outcome}: ${reason}`);
  return operation === null ? 'done' : `begun ${operation}`;
}

export const auditLs: CommandSpec = {
  usage: '[--guest GUEST] [--user USER] [--action TEXT] [--limit N]',
  about: 'The newest first. What an operation that was begun came to, berth operation info tells.',
  options: { ...FILTERS, limit: { type: 'string', value: 'N', help: 'how many, 50 where it is not given' } },
  names: { min: 0, max: 0, what: '' },
  async run(invocation) {
    const { api, json, out } = invocation;
    const limit = numberOf(invocation, 'limit') ?? 50;
    const entries = await (await api()).query('audit', 'list', { ...filtersOf(invocation), limit });
    if (json) {
      out.json(entries);
      return 0;
    }
    const rows = entries.map((entry) => [
      ...[String(entry.seq), formatAgo(entry.at), out.paint('bold', harmless(entry.actor)), entry.via],
      ...[entry.action, entry.subject ? harmless(entry.subject.name) : '-', endOf(entry)],
    ]);
    out.line(formatTable(COLUMNS, rows));
    return 0;
  },
};

export const auditExport: CommandSpec = {
  usage: '[--after SEQ] [--guest GUEST] [--user USER] [--action TEXT] [--syslog LOG]',
  about:
    'One JSON object a line, the oldest first, with its hash: kept elsewhere it proves what was there. With --syslog they go to a log instead (RFC 5424), and the number of the last is printed, for --after of the next time.',
  options: {
    ...FILTERS,
    after: { type: 'string', value: 'SEQ', help: 'only what came after this one' },
    syslog: { type: 'string', value: 'LOG', help: 'a socket as /dev/log, or udp://HOST:PORT' },
  },
  names: { min: 0, max: 0, what: '' },
  async run(invocation) {
    const { api, json, out, text } = invocation;
    const client = await api();
    let after = numberOf(invocation, 'after') ?? 0;
    const target = text('syslog');
    if (target !== undefined) {
      const done = await client.mutate('audit', 'forward', { ...filtersOf(invocation), after, target });
      if (json) out.json(done);
      else {
        out.line(String(done.last));
        out.note(`${done.sent} entries were sent to ${target}; go on with --after ${done.last}`);
      }
      return 0;
    }
    for (;;) {
      const page = await client.query('audit', 'list', { ...filtersOf(invocation), after, limit: PAGE });
      for (const entry of page) out.line(JSON.stringify(entry));
      const last = page.at(-1);
      if (!last || page.length < PAGE) return 0;
      after = last.seq;
    }
  },
};

export const auditVerify: CommandSpec = {
  usage: '',
  about: 'Ends with 1 when an entry was changed or cut.',
  names: { min: 0, max: 0, what: '' },
  async run({ api, json, out }) {
    const verdict = await (await api()).query('audit', 'verify');
    const { entries, pruned, head, problems } = verdict;
    if (json) out.json(verdict);
    else {
      for (const { seq, what } of problems) out.line(`${seq} ${what}`);
      if (problems.length === 0)
        out.line(
          `${entries} entries${pruned > 0 ? ` after ${pruned}, up to which they were removed` : ''}, none changed or cut; the last has ${head ?? '-'}`,
        );
    }
    return problems.length === 0 ? 0 : 1;
  },
};

const AGE = /^(\d{1,5})d$/;
const DAY_MS = 86_400_000;

/** `90d` ago, a day (from its beginning, UTC) or a time, as ISO 8601. Throws AppError `bad_input` for anything else. */
export function timeOf(given: string | undefined): string {
  const days = AGE.exec(given ?? '')?.[1];
  if (days !== undefined) return new Date(Date.now() - Number(days) * DAY_MS).toISOString();
  const time = /^\d{4}-\d\d-\d\d(T[\d:.]+Z)?$/.test(given ?? '') ? Date.parse(given ?? '') : Number.NaN;
  if (!Number.isNaN(time)) return new Date(time).toISOString();
  throw misused(
    `say how old with --before: a day as 2026-01-31, or an age as 90d, not ${JSON.stringify(given ?? '')}`,
  );
}

export const auditPrune: CommandSpec = {
  usage: '--before TIME [--yes]',
  about:
    'What stays can still be verified: where it begins is kept in the data folder and in an entry. Export first what has to be kept.',
  options: {
    before: { type: 'string', value: 'TIME', help: 'a day as 2026-01-31, or an age as 90d' },
    yes: { type: 'boolean', help: 'do it without asking' },
  },
  names: { min: 0, max: 0, what: '' },
  async run({ api, flag, json, out, text }) {
    const before = timeOf(text('before'));
    if (!flag('yes')) {
      await confirm(`Remove who did what before ${before}?`, {
        alone: 'what is removed does not come back',
        left: 'nothing was removed',
      });
    }
    const done = await (await api()).mutate('audit', 'prune', { before });
    if (json) out.json(done);
    else if (done.through === null) out.line(`there is nothing of before ${before}`);
    else out.line(`${done.removed} entries are removed, up to ${done.through}`);
    return 0;
  },
};
