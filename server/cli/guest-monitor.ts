import type { BerthEvent } from '../event/schema.ts';
import { harmless, safeJson } from './clean-text.ts';
import type { CommandSpec } from './command.ts';
import { findGuest } from './find-guest.ts';
import { type Paint, stateColour } from './paint.ts';
import { subscribe } from './subscribe.ts';

/** What a line of the monitor tells. `kind` is a state, or what the kernel did. */
interface Happening {
  at: string;
  guest: string;
  kind: string;
  message: string;
}

export const guestMonitor: CommandSpec = {
  usage: '[GUEST...]',
  about: [
    'Prints what happens to guests as it happens: their states, and what the kernel does to them (out of',
    'memory, refused forks, throttling, freezing, exits). One line each, with --json one object a line. Ctrl-C ends it.',
  ].join('\n'),
  names: { min: 0, max: Number.POSITIVE_INFINITY, what: '' },
  async run({ api: connect, json, names, out }) {
    const api = await connect();
    const chosen = new Set<string>();
    for (const name of names) chosen.add((await findGuest(api, name)).id);
    const states = new Map<string, string>();
    for (const { id, state } of await api.query('guest', 'list')) states.set(id, state);
    for await (const event of subscribe(api, 'event', 'stream')) {
      const found = happeningOf(event, states);
      if (!found || (chosen.size > 0 && !chosen.has(found.id))) continue;
      const { id: _, ...happening } = found;
      out.line(json ? safeJson(happening) : lineOf(happening, out.paint));
    }
    return 0;
  },
};

/** What an event means for who watches guests; null when nothing. Keeps `states` up to date. */
export function happeningOf(
  event: BerthEvent,
  states: Map<string, string>,
  now: () => string = () => new Date().toISOString(),
): (Happening & { id: string }) | null {
  if (event.type === 'guest.event') {
    const { guest: id, name, at, kind, message } = event;
    return { id, at, guest: name, kind, message };
  }
  if (event.type === 'guest.removed') {
    states.delete(event.id);
    return { id: event.id, at: now(), guest: event.name, kind: 'deleted', message: '' };
  }
  if (event.type !== 'guest.changed') return null;
  const { id, name, state, problem } = event.guest;
  if (states.get(id) === state) return null;
  states.set(id, state);
  return { id, at: now(), guest: name, kind: state, message: problem ?? '' };
}

function lineOf({ at, guest, kind, message }: Happening, paint: Paint): string {
  const time = paint('dim', at.slice(11, 23));
  return `${time}  ${paint('bold', guest)}  ${paint(stateColour(kind), kind)}  ${harmless(message)}`.trimEnd();
}
