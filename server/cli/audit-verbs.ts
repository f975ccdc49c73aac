import type { AuditEntry } from '../audit/schema.ts';
import { harmless } from './clean-text.ts';
import type { CommandSpec, Invocation } from './command.ts';
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
  usage: '[--after SEQ] [--guest GUEST] [--user USER] [--action TEXT]',
  about: 'One JSON object a line, the oldest first, with its hash: kept elsewhere it proves what was there.',
  options: { ...FILTERS, after: { type: 'string', value: 'SEQ', help: 'only what came after this one' } },
  names: { min: 0, max: 0, what: '' },
  async run(invocation) {
    const { api, out } = invocation;
    const client = await api();
    let after = numberOf(invocation, 'after') ?? 0;
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
    const { entries, head, problems } = verdict;
    if (json) out.json(verdict);
    else {
      for (const { seq, what } of problems) out.line(`${seq} ${what}`);
      if (problems.length === 0)
        out.line(`${entries} entries, none changed or cut; the last has ${head ?? '-'}`);
    }
    return problems.length === 0 ? 0 : 1;
  },
};
