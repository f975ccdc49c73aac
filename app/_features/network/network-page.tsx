'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { useDeferredValue, useState } from 'react';
import { MOST_MAP_GUESTS } from '../../../server/guest/network-map-schema.ts';
import {
  type Attachment,
  attachmentText,
  type MapGuest,
  type NetworkMap,
  partyOf,
  reachesOf,
} from '../../../server/network/reach-schema.ts';
import { toApiError, useTRPC } from '../../_trpc/index.ts';
import {
  Button,
  Chip,
  cx,
  ErrorState,
  Icon,
  Page,
  PageHeader,
  plural,
  Skeleton,
  TextInput,
  useNarrow,
} from '../../_ui/index.ts';
import { ReachDrawing } from './reach-drawing.tsx';
import { ReachTable } from './reach-table.tsx';

const GROUPS: readonly { attachment: Attachment; label: string }[] = [
  { attachment: 'bridge', label: 'on the bridge' },
  { attachment: 'host', label: "in the host's network" },
  { attachment: 'guest', label: "sharing another guest's" },
  { attachment: 'none', label: 'without a network' },
];

/** The network: who can reach whom, by the rules that are installed. */
export function NetworkPage() {
  const trpc = useTRPC();
  const [text, setText] = useState('');
  const [attachment, setAttachment] = useState<Attachment | null>(null);
  const [parts, setParts] = useState(1);
  const [chosen, setChosen] = useState<MapGuest | null>(null);
  const q = useDeferredValue(text).slice(0, 100);
  const input = { q, ...(attachment && { attachment }), offset: (parts - 1) * MOST_MAP_GUESTS };
  const asked = useQuery(trpc.guest.network.queryOptions(input, { placeholderData: keepPreviousData }));
  const map = asked.data;
  const look = (next: { text?: string; attachment?: Attachment | null }) => {
    if (next.text !== undefined) setText(next.text);
    if (next.attachment !== undefined) setAttachment(next.attachment);
    setParts(1);
  };
  return (
    <Page>
      <PageHeader
        title="Network"
        summary={map?.network && `${map.network.bridge} · ${map.network.ipv4} · ${map.network.ipv6}`}
      />
      {map ? (
        <div className="min-h-0 flex-1 overflow-y-auto px-4 pb-8 sm:px-6">
          <Who
            map={map}
            chosen={map.guests.find(({ id }) => id === chosen?.id) ?? chosen}
            onNobody={() => setChosen(null)}
          />
          <section aria-labelledby="map-guests" className="mt-8 max-w-5xl">
            <h2 id="map-guests" className="pb-2 font-medium text-base">
              Guests
            </h2>
            <div className="flex flex-wrap items-center gap-2 pb-2">
              <TextInput
                aria-label="Find a guest by its name or address"
                placeholder="name or address"
                className="max-w-64"
                value={text}
                onChange={(event) => look({ text: event.target.value })}
              />
              {GROUPS.filter(
                (group) => map.counts[group.attachment] > 0 || group.attachment === attachment,
              ).map((group) => (
                <Chip
                  key={group.attachment}
                  pressed={attachment === group.attachment}
                  aside={map.counts[group.attachment]}
                  onClick={() =>
                    look({ attachment: attachment === group.attachment ? null : group.attachment })
                  }
                >
                  {group.label}
                </Chip>
              ))}
            </div>
            <Guests
              map={map}
              isFiltered={q !== '' || attachment !== null}
              chosen={chosen?.id ?? null}
              onChoose={setChosen}
            />
            <Parts found={map.found} part={parts} onPart={setParts} />
          </section>
        </div>
      ) : asked.error ? (
        <ErrorState
          title="The network cannot be read"
          message={toApiError(asked.error).message}
          onRetry={() => void asked.refetch()}
        />
      ) : (
        <div role="status" aria-label="reading the network" className="flex flex-col gap-5 px-6 py-6">
          <Skeleton className="h-56 max-w-4xl" />
          <Skeleton />
        </div>
      )}
    </Page>
  );
}

/** The drawing and the table, of all or of one guest. */
function Who({ map, chosen, onNobody }: { map: NetworkMap; chosen: MapGuest | null; onNobody: () => void }) {
  const place = chosen && partyOf(chosen);
  const party = place && 'party' in place ? place.party : null;
  const reaches = !place ? map.reaches : party ? reachesOf(map.reaches, party) : [];
  const { counts, network } = map;
  const isNarrow = useNarrow();
  const notes = {
    outside: 'through the host',
    host: [isNarrow ? '' : 'gateway and DNS', network?.gateway ?? ''].join(' ').trim(),
    other: 'on this host',
    guests:
      chosen && party === 'guests'
        ? chosen.name
        : `${plural(counts.bridge, 'guest')} · ${allOf(map) ? 'all reach each other' : ''}`,
    ...(chosen && party === 'host' && { host: chosen.name }),
  };
  return (
    <>
      {chosen && (
        <div className="flex flex-wrap items-center gap-x-3 gap-y-2 pb-3">
          <p className="min-w-0">
            <Link
              href={`/guests/${encodeURIComponent(chosen.name)}`}
              className="font-medium text-accent hover:underline"
            >
              {chosen.name}
            </Link>
            <span className="text-muted"> has {attachmentText(chosen)}</span>
            {chosen.ipv4 && <code className="ml-2 text-muted text-sm">{chosen.ipv4}</code>}
          </p>
          <Button look="quiet" icon="close" onClick={onNobody}>
            All guests
          </Button>
        </div>
      )}
      {place && 'why' in place ? (
        <p role="status" className="flex items-center gap-2 py-6 text-muted">
          <Icon name="unplugged" size={16} />
          {place.why}
        </p>
      ) : (
        <>
          <ReachDrawing reaches={map.reaches} notes={notes} self={party} />
          <div className="mt-4 max-w-5xl">
            <ReachTable reaches={reaches} self={chosen && party ? { guest: chosen, party } : null} />
            <p className="mt-2 text-muted text-sm">
              This is told from the rules that Berth has installed. Answers always come back; a firewall of
              the host's own may drop more.
            </p>
          </div>
        </>
      )}
    </>
  );
}

const allOf = ({ reaches }: NetworkMap) =>
  reaches.some(({ from, to, verdict }) => from === 'guests' && to === 'guests' && verdict === 'allowed');

function Guests(props: {
  map: NetworkMap;
  isFiltered: boolean;
  chosen: string | null;
  onChoose: (guest: MapGuest) => void;
}) {
  const { map, isFiltered, chosen, onChoose } = props;
  if (map.guests.length === 0)
    return (
      <p className="py-4 text-muted">{isFiltered ? 'No guest is like that.' : 'There are no guests yet.'}</p>
    );
  return (
    <ul className="grid grid-cols-[repeat(auto-fill,minmax(220px,1fr))] gap-2">
      {map.guests.map((guest) => (
        <li key={guest.id} className="min-w-0">
          <button
            type="button"
            aria-pressed={guest.id === chosen}
            onClick={() => onChoose(guest)}
            className={cx(
              'flex w-full min-w-0 flex-col rounded-md border px-3 py-2 text-left hover:bg-hover',
              guest.id === chosen ? 'border-accent bg-selected' : 'border-line bg-surface',
            )}
          >
            <span className="flex items-baseline justify-between gap-2">
              <span className="truncate font-medium">{guest.name}</span>
              <span className="text-muted text-xs">{guest.state}</span>
            </span>
            <span className="truncate text-muted text-xs">{guest.ipv4 ?? attachmentText(guest)}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}

function Parts({ found, part, onPart }: { found: number; part: number; onPart: (part: number) => void }) {
  const last = Math.max(1, Math.ceil(found / MOST_MAP_GUESTS));
  if (last === 1) return null;
  return (
    <nav aria-label="Parts of the guests" className="flex items-center gap-2 pt-3">
      <Button
        icon="left"
        disabledReason={part <= 1 ? 'this is the first part' : null}
        onClick={() => onPart(part - 1)}
      >
        Before
      </Button>
      <span className="text-muted text-sm">
        {part} of {last}
      </span>
      <Button
        icon="right"
        disabledReason={part >= last ? 'this is the last part' : null}
        onClick={() => onPart(part + 1)}
      >
        After
      </Button>
    </nav>
  );
}
