import type { SessionView } from '../console/schema.ts';
import { daysUntil } from '../guest/expiry-schema.ts';
import { MORE_LIMITS } from '../guest/limits-schema.ts';
import type { GuestView } from '../guest/schema.ts';
import { harmless } from './clean-text.ts';
import type { CommandSpec } from './command.ts';
import { findGuest } from './find-guest.ts';
import { type Paint, stateColour } from './paint.ts';
import { formatCores } from './show-guest.ts';
import { formatPairs } from './table.ts';
import { formatAgo, formatBytes, formatDuration } from './units.ts';

export const guestInfo: CommandSpec = {
  usage: 'GUEST',
  names: { min: 1, max: 1, what: 'the name of a guest' },
  async run({ api: connect, json, names, out }) {
    const api = await connect();
    const guest = await findGuest(api, names[0] ?? '');
    if (json) {
      out.json(guest);
      return 0;
    }
    const isHere = guest.elsewhere === null;
    const sessions = isHere ? await api.query('console', 'sessions', { guest: guest.id }) : [];
    out.line(formatPairs(guestPairs(guest, out.paint)));
    const living = sessions.filter((session) => session.exit === null);
    if (living.length > 0) out.line(living.map(sessionLine).join('\n'));
    return 0;
  },
};

function sessionLine(session: SessionView): string {
  const command = session.command.length > 0 ? session.command.join(' ') : 'login shell';
  return `shell       ${session.id}  ${session.user}  ${harmless(command)}  ${formatAgo(session.createdAt)}`;
}

function guestPairs(guest: GuestView, paint: Paint): [string, string][] {
  const { addresses, limits, usage, exit } = guest;
  const pairs: [string, string | null][] = [
    ['name', paint('bold', guest.name)],
    ['id', guest.id],
    ['state', paint(stateColour(guest.state), guest.state)],
    ['problem', guest.problem && paint('red', harmless(guest.problem))],
    ['working', guest.operation && `${guest.operation.kind} (operation ${guest.operation.id})`],
    ['host', guest.elsewhere === null ? null : `${guest.host} (${guest.elsewhere})`],
    ['kind', guest.kind],
    ['image', guest.image],
    ['command', harmless(guest.command.join(' '))],
    ['init', guest.initPid === null ? null : `pid ${guest.initPid}`],
    ['ids', `${guest.idBase} to ${guest.idBase + 65_535}`],
    ['ipv4', addresses.ipv4],
    ['ipv6', addresses.ipv6],
    ['mac', addresses.mac],
    [
      'cpu',
      `${usage ? `${formatCores(usage.cpu)} of ` : ''}${limits.cpu} ${limits.cpu === 1 ? 'core' : 'cores'}`,
    ],
    ['memory', `${usage ? `${formatBytes(usage.memory)} of ` : ''}${formatBytes(limits.memory)}`],
    [
      'swap',
      `${usage && usage.swap !== null ? `${formatBytes(usage.swap)} of ` : ''}${formatBytes(limits.swap)}`,
    ],
    ['pids', `${usage ? `${usage.pids} of ` : ''}${limits.pids}`],
    ['limits', furtherLimits(limits)],
    ['privileged', guest.isolation.privileged ? paint('yellow', "its root is the host's root") : null],
    ['pending', pendingText(guest)],
    ['on trial', guest.revertsAt && `goes back at ${guest.revertsAt}: berth guest keep ${guest.name}`],
    ['stop time', formatDuration(guest.stopTimeoutMs)],
    ['tags', guest.tags.join(' ') || null],
    ['project', guest.project],
    ['owner', guest.owner],
    ['contact', guest.contact || null],
    ['expires', expiryText(guest)],
    ['fields', fieldsText(guest)],
    ['links', linesText(guest.links.map(({ title, url }) => `${title} ${url}`))],
    ['notes', linesText(guest.notes === '' ? [] : guest.notes.trimEnd().split('\n'))],
    ['recorded', guest.alwaysRecorded ? 'always: its shells and its console' : null],
    ['created', `${formatAgo(guest.createdAt)} by ${guest.createdBy}`],
    ['started', guest.startedAt && formatAgo(guest.startedAt)],
    ['last exit', exit && `${exitText(exit)}, ${formatAgo(exit.at)}`],
  ];
  return pairs.filter((pair): pair is [string, string] => pair[1] !== null);
}

/** What is limited beside the four that every guest has; null when nothing is. */
function furtherLimits(limits: GuestView['limits']): string | null {
  const set = (Object.keys(MORE_LIMITS) as (keyof typeof MORE_LIMITS)[]).filter(
    (key) => JSON.stringify(limits[key]) !== JSON.stringify(MORE_LIMITS[key]),
  );
  if (set.length === 0) return null;
  return set.map((key) => `${key} ${wordOf(limits[key])}`).join(', ');
}

/** Its lines below each other, in the column of the values. */
function linesText(lines: readonly string[]): string | null {
  return lines.length === 0 ? null : lines.map(harmless).join(`\n${' '.repeat(12)}`);
}

function expiryText({ expires, atExpiry }: GuestView): string | null {
  if (expires === null) return null;
  const days = daysUntil(expires, Date.now());
  const when = days <= 0 ? 'it has expired' : `in ${days} ${days === 1 ? 'day' : 'days'}`;
  return `${expires} (${when})${atExpiry === 'nothing' ? '' : `, then: ${atExpiry}`}`;
}

const fieldsText = ({ fields }: GuestView) =>
  linesText(Object.entries(fields).map(([name, value]) => `${name} ${value}`));

const wordOf = (value: unknown) => (typeof value === 'object' ? JSON.stringify(value) : String(value));

function pendingText({ pendingRestart, name }: GuestView): string | null {
  if (pendingRestart.length === 0) return null;
  return `${pendingRestart.join(', ')} from the next start: berth guest restart ${name}`;
}

function exitText(exit: NonNullable<GuestView['exit']>): string {
  if (exit.outOfMemory) return 'killed for want of memory';
  return exit.signal === null ? `status ${exit.status}` : `signal ${exit.signal}`;
}
