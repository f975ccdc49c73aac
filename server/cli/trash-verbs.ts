import { AppError } from '../errors/app-error.ts';
import { ERROR_TABLE } from '../errors/error-table.ts';
import type { GuestView } from '../guest/schema.ts';
import type { TrashView } from '../trash/schema.ts';
import type { Api } from './api.ts';
import { forEachGuest } from './bulk.ts';
import type { CommandSpec } from './command.ts';
import { confirm } from './confirm.ts';
import { errorLine } from './error-line.ts';
import { misused } from './fail.ts';
import { followOperation, requireDone } from './follow-operation.ts';
import { formatTable } from './table.ts';
import { formatAgo, formatBytes, parseNumber } from './units.ts';

const COLUMNS = [
  ...[{ title: 'ID' }, { title: 'NAME' }, { title: 'PROJECT' }, { title: 'SIZE' }, { title: 'DELETED' }],
  { title: 'GONE FOR GOOD' },
];
const NAMES = {
  min: 1,
  max: Number.POSITIVE_INFINITY,
  what: 'a guest in the trash by its name or id, or several',
};
const YES = { type: 'boolean', short: 'y', help: 'do not ask' } as const;
const HOUR_MS = 3600 * 1000;

/** `in 6 days`. */
function timeLeft(until: string, now = Date.now()): string {
  const hours = Math.ceil((Date.parse(until) - now) / HOUR_MS);
  if (hours <= 0) return 'now';
  return hours < 48 ? `in ${hours} h` : `in ${Math.floor(hours / 24)} days`;
}

export const trashLs: CommandSpec = {
  usage: '',
  names: { min: 0, max: 0, what: '' },
  async run({ api, json, out }) {
    const { days, guests } = await (await api()).query('trash', 'list');
    if (json) {
      out.json(guests);
      return 0;
    }
    const rows = guests.map((one) => [
      one.id,
      out.paint('bold', one.name),
      one.project,
      one.sizeBytes === null ? '-' : formatBytes(one.sizeBytes),
      `${formatAgo(one.trashedAt)} by ${one.trashedBy}`,
      timeLeft(one.until),
    ]);
    if (guests.length > 0) out.line(formatTable(COLUMNS, rows));
    else out.line(`the trash is empty; ${kept(days)}`);
    return 0;
  },
};

const kept = (days: number) =>
  days === 0 ? 'guests are deleted for good at once' : `deleted guests stay in it for ${days} days`;

/** One by its id, or by its name when just one had it. Throws `not_found`, `bad_input` with the ids. */
async function find(api: Api, ref: string): Promise<TrashView> {
  const { guests } = await api.query('trash', 'list');
  const byId = guests.find(({ id }) => id === ref);
  const named = guests.filter(({ name }) => name === ref);
  const [first, second] = byId ? [byId] : named;
  if (first && !second) return first;
  if (!first)
    throw new AppError(
      'not_found',
      `there is no guest ${ref} in the trash: berth trash ls tells which there are`,
    );
  const each = named.map(({ id, trashedAt }) => `${id} (deleted ${formatAgo(trashedAt)})`).join(', ');
  throw new AppError(
    'bad_input',
    `several guests in the trash were called ${ref}: name one by its id, ${each}`,
  );
}

export const trashRestore: CommandSpec = {
  usage: 'GUEST... [--name NAME]',
  about: [
    'It comes back as it was, stopped: files, settings, addresses, roles. When its name was given to another guest meanwhile,',
    'it comes back under the one that --name gives.',
  ].join('\n'),
  options: { name: { type: 'string', value: 'NAME', help: 'come back under this name' } },
  names: NAMES,
  run: (invocation) => {
    const name = invocation.text('name');
    if (name !== undefined && invocation.names.length > 1)
      throw misused('--name is for one guest: restore them one after the other');
    return forEachGuest(invocation, 'is back', async (api, ref): Promise<GuestView> => {
      const { id } = await find(api, ref);
      const { operation } = await api.mutate('trash', 'restore', { guest: id, name });
      requireDone(await followOperation(api, operation, { out: invocation.out, silent: true }));
      return api.query('guest', 'get', { guest: id });
    });
  },
};

export const trashRm: CommandSpec = {
  usage: 'GUEST... [--yes]',
  about: 'Its files are gone for good.',
  options: { yes: YES },
  names: NAMES,
  async run(invocation) {
    const { flag, names, out } = invocation;
    if (!flag('yes')) {
      const what = names.join(', ');
      await confirm(`Delete ${what} for good, with all files?`, {
        alone: `${what} would be deleted for good`,
        left: 'nothing was deleted',
      });
    }
    return forEachGuest(invocation, 'is deleted for good', async (api, ref) => {
      const { id } = await find(api, ref);
      const { operation } = await api.mutate('trash', 'delete', { guest: id });
      requireDone(await followOperation(api, operation, { out, silent: true }));
      return null;
    });
  },
};

export const trashEmpty: CommandSpec = {
  usage: '[--project NAME] [--yes]',
  about: 'Everything in it that you may delete is gone for good.',
  options: {
    project: { type: 'string', value: 'NAME', help: 'only the guests of this project' },
    yes: YES,
  },
  names: { min: 0, max: 0, what: '' },
  async run({ api: connect, flag, json, out, text }) {
    const api = await connect();
    const project = text('project');
    if (!flag('yes')) {
      const { guests } = await api.query('trash', 'list');
      const count = guests.filter((one) => project === undefined || one.project === project).length;
      await confirm(`Delete ${count} guests in the trash for good, with all files?`, {
        alone: `${count} guests in the trash would be deleted for good`,
        left: 'nothing was deleted',
      });
    }
    const results = await api.mutate('trash', 'empty', { project });
    if (json) out.json(results);
    for (const { name, error } of json ? [] : results) {
      if (error) out.note(errorLine(out, { ...codeOf(error), field: null }, `${name}: `));
      else out.line(`${name} is deleted for good`);
    }
    if (!json && results.length === 0) out.line('there was nothing in it');
    const failed = results.find(({ error }) => error)?.error;
    return failed ? ERROR_TABLE[codeOf(failed).code].exit : 0;
  },
};

function codeOf({ code, message }: { code: string; message: string }) {
  const known = Object.keys(ERROR_TABLE).find((one) => one === code) as keyof typeof ERROR_TABLE | undefined;
  return { code: known ?? ('internal' as const), message };
}

export const trashDays: CommandSpec = {
  usage: '[DAYS]',
  about: [
    'Without a number it is told. 0: what is deleted goes for good at once. What is in the trash already stays for as long as',
    'it was told when it was deleted.',
  ].join('\n'),
  names: { min: 0, max: 1, what: 'a number of days' },
  async run({ api: connect, json, names, out }) {
    const [given] = names;
    const api = await connect();
    const days =
      given === undefined
        ? (await api.query('trash', 'list')).days
        : (await api.mutate('trash', 'setDays', { days: parseNumber(given, 'DAYS', '7') })).days;
    if (json) out.json({ days });
    else out.line(kept(days));
    return 0;
  },
};
