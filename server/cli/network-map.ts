import {
  attachmentText,
  type MapGuest,
  type Party,
  partyOf,
  type Reach,
  reachesOf,
} from '../network/reach-schema.ts';
import { harmless } from './clean-text.ts';
import type { CommandSpec } from './command.ts';
import { findGuest } from './find-guest.ts';
import { formatTable } from './table.ts';

const NAMES: Readonly<Record<Party, string>> = {
  guests: 'guests',
  host: 'the host',
  outside: 'the outside',
  other: "another Berth's guests",
};

export const networkMap: CommandSpec = {
  usage: '[GUEST]',
  about: [
    'Told from the rules that are installed: what becomes of a first packet, and by which rule. Answers to what was asked always come',
    "back. The host's own firewall may drop more than this.",
  ].join('\n'),
  names: { min: 0, max: 1, what: 'the name of a guest' },
  async run({ api: connect, json, names, out }) {
    const api = await connect();
    const asked = names[0] === undefined ? null : await findGuest(api, names[0]);
    const map = await api.query('guest', 'network', { q: asked?.name ?? '' });
    const guest = asked ? (map.guests.find(({ id }) => id === asked.id) ?? null) : null;
    const place = guest ? partyOf(guest) : null;
    const reaches =
      place === null ? map.reaches : 'party' in place ? reachesOf(map.reaches, place.party) : [];
    if (json) {
      out.json(guest ? { guest, reaches } : map);
      return 0;
    }
    if (guest) out.line(`${guest.name}: ${harmless(attachmentText(guest))}${addresses(guest)}`);
    if (place && 'why' in place) out.line(place.why);
    if (reaches.length > 0)
      out.line(
        formatTable(
          COLUMNS,
          reaches.map((one) => rowOf(one, guest)),
        ),
      );
    if (!guest) {
      const { bridge, host, guest: sharing, none } = map.counts;
      out.line(
        `${bridge} on the bridge, ${host} in the host's network, ${sharing} sharing another's, ${none} without one`,
      );
    }
    return 0;
  },
};

const COLUMNS = [
  { title: 'FROM' },
  { title: 'TO' },
  { title: 'PORTS' },
  { title: '' },
  { title: 'BECAUSE' },
  { title: 'RULE' },
];

const addresses = ({ ipv4, ipv6 }: MapGuest) => (ipv4 ? `, ${ipv4} ${ipv6 ?? ''}`.trimEnd() : '');

/** With a guest, it stands for the party that it is; of two guests the one that asks. */
function rowOf({ from, to, ports, verdict, because, rule }: Reach, guest: MapGuest | null): string[] {
  const place = guest && partyOf(guest);
  const self = place && 'party' in place ? place.party : null;
  const name = (party: Party) => (party === self && guest ? guest.name : NAMES[party]);
  const both = from === self && to === self;
  return [name(from), both ? `other ${NAMES[to]}` : name(to), ports, verdict, because, rule ?? ''];
}
