import type { GuestState } from '../guest/state.ts';

/** Who can reach or be reached. `other`: guests of another Berth on this host. */
export type Party = 'guests' | 'host' | 'outside' | 'other';

/** What the rules say of new connections from one to another. */
export interface Reach {
  from: Party;
  to: Party;
  /** `all`, `53 (DNS)`. */
  ports: string;
  /** `refused` is told to who asks, `dropped` is not. */
  verdict: 'allowed' | 'refused' | 'dropped';
  because: string;
  /** The rule that decides, as nft(8) lists it; null for who may not see the host. */
  rule: string | null;
}

/** How a guest has the network: its own link on the bridge, that of the host or of another guest, or none. */
export type Attachment = 'bridge' | 'host' | 'guest' | 'none';

export interface MapGuest {
  id: string;
  name: string;
  state: GuestState;
  attachment: Attachment;
  /** What it comes to where it shares another guest's: how that one has it. */
  through: Exclude<Attachment, 'guest'>;
  /** The guest whose network it shares; null too where one may not see that guest. */
  sharesWith: string | null;
  /** Of its own link; null without one. */
  ipv4: string | null;
  ipv6: string | null;
}

/** The instance's network and who can reach whom on it. */
export interface NetworkMap {
  /** What holds for every guest that is on the bridge. */
  reaches: Reach[];
  /** Guests that one sees and the search finds, by how they have the network. */
  counts: Record<Attachment, number>;
  /** A part of them. */
  guests: MapGuest[];
  /** How many there are in all parts. */
  found: number;
  /** Of the host; null for who may not see it. */
  network: { bridge: string; table: string; ipv4: string; ipv6: string; gateway: string } | null;
}

/** How a guest has the network, in words. Pure. */
export function attachmentText({
  attachment,
  sharesWith,
}: Pick<MapGuest, 'attachment' | 'sharesWith'>): string {
  if (attachment === 'bridge') return 'its own link on the bridge';
  if (attachment === 'host') return 'the network of the host';
  if (attachment === 'guest') return `the network of ${sharesWith ?? 'another guest'}`;
  return 'none but its own loopback';
}

/** A guest as the map is asked about it: the party it counts as, or why nothing is reached. Pure. */
export function partyOf({ through, name, state }: MapGuest): { party: Party } | { why: string } {
  if (state !== 'running' && state !== 'frozen' && state !== 'starting')
    return { why: `${name} is ${state}: it reaches nobody, and nobody reaches it` };
  if (through === 'none') return { why: `${name} has no network: it reaches nobody, and nobody reaches it` };
  return { party: through === 'host' ? 'host' : 'guests' };
}

/** The claims that a party is in, once each. Pure. */
export const reachesOf = (reaches: readonly Reach[], party: Party): Reach[] =>
  reaches.filter(({ from, to }) => from === party || to === party);
