import { harmless } from './clean-text.ts';
import type { CommandSpec } from './command.ts';
import { OPERATION_STATUSES_HELP, readStatus } from './operation-status.ts';
import { stateColour } from './paint.ts';
import { tookOf } from './show-operation.ts';
import { formatTable } from './table.ts';
import { formatAgo, parseNumber } from './units.ts';

const COLUMNS = [
  { title: 'ID' },
  { title: 'WHAT' },
  { title: 'ON' },
  { title: 'STATUS' },
  { title: 'BY' },
  { title: 'BEGUN' },
  { title: 'TOOK', align: 'right' },
] as const;

export const operationLs: CommandSpec = {
  usage: '[--subject NAME] [--status STATUS] [--limit N] [--after ID]',
  options: {
    subject: { type: 'string', value: 'NAME', help: 'only those of this guest or image' },
    status: { type: 'string', value: 'STATUS', help: OPERATION_STATUSES_HELP },
    limit: { type: 'string', value: 'N', help: 'at most so many, the newest (default 100, at most 500)' },
    after: { type: 'string', value: 'ID', help: 'the next page: the last id of the page before' },
  },
  names: { min: 0, max: 0, what: '' },
  async run({ api, json, out, text }) {
    const limit = text('limit');
    const operations = await (await api()).query('operation', 'list', {
      subject: text('subject'),
      status: readStatus(text('status')),
      limit: limit === undefined ? undefined : parseNumber(limit, '--limit', '20'),
      after: text('after'),
    });
    if (json) {
      out.json(operations);
      return 0;
    }
    if (operations.length === 0) {
      out.note('nothing happened yet');
      return 0;
    }
    const rows = operations.map((operation) => [
      operation.id,
      operation.kind,
      harmless(operation.subject.name),
      out.paint(stateColour(operation.status), operation.status),
      operation.actor,
      formatAgo(operation.createdAt),
      tookOf(operation),
    ]);
    out.line(formatTable(COLUMNS, rows));
    return 0;
  },
};
