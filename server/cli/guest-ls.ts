import type { CommandSpec } from './command.ts';
import { misused } from './fail.ts';
import { GUEST_COLUMNS, guestRow } from './show-guest.ts';
import { formatTable } from './table.ts';

export const guestLs: CommandSpec = {
  usage: '[--state STATE] [--tag TAG]',
  options: {
    state: { type: 'string', value: 'STATE', help: 'only those in this state, such as running' },
    tag: {
      type: 'string',
      multiple: true,
      value: 'TAG',
      help: 'only those with this tag; several: with all of them',
    },
  },
  names: { min: 0, max: 0, what: '' },
  async run({ api, json, out, text, texts }) {
    const wanted = text('state');
    if (wanted !== undefined) await requireState(wanted);
    const all = await (await api()).query('guest', 'list');
    const tags = texts('tag');
    const guests = all.filter(
      (guest) =>
        (wanted === undefined || guest.state === wanted) && tags.every((tag) => guest.tags.includes(tag)),
    );
    if (json) out.json(guests);
    else if (guests.length === 0)
      out.note(all.length === 0 ? 'no guests yet: berth guest create --start' : 'no guest is like that');
    else
      out.line(
        formatTable(
          GUEST_COLUMNS,
          guests.map((guest) => guestRow(guest, out.paint)),
        ),
      );
    return 0;
  },
};

async function requireState(state: string): Promise<void> {
  const { GUEST_STATES } = await import('../guest/state.ts');
  if (!GUEST_STATES.some((one) => one === state)) {
    throw misused(`--state is ${JSON.stringify(state)}: it must be ${GUEST_STATES.join(', ')}`);
  }
}
