import type { FieldValue } from '../project/field-schema.ts';
import { inOrder } from './in-order.ts';
import { addressesIn } from './numbers-of.ts';
import type { GuestRecord } from './record.ts';
import type { GuestServices } from './services.ts';
import type { GuestState } from './state.ts';
import { stateOf } from './state-of.ts';

/** What a search knows of a guest: all that is text in lower case. */
export interface QueryFacts {
  record: GuestRecord;
  name: string;
  project: string;
  /** The host that it lives on. */
  host: string;
  /** The name as it is sorted: web-9 before web-10. */
  order: string;
  state: GuestState;
  kind: string;
  image: string;
  by: string;
  owner: string | null;
  tags: readonly string[];
  notes: string;
  contact: string;
  /** Titles and addresses. */
  links: readonly string[];
  expires: string | null;
  fields: Readonly<Record<string, FieldValue>>;
  /** Their values. */
  fieldTexts: readonly string[];
  ipv4: string | null;
  ipv6: string | null;
  cpu: number | null;
  memory: number | null;
  pids: number | null;
}

/** A record is replaced by each change, so what is made of one holds for as long as it is there. */
const atRest = new WeakMap<GuestRecord, QueryFacts>();

/** What a search looks at. Touches neither disk nor database. */
export function factsOf(services: GuestServices, record: GuestRecord): QueryFacts {
  let known = atRest.get(record);
  // How a host is called changes when another one of the same name comes.
  if (known?.host !== services.hosts.nameOf(record.installation)) {
    known = atRestOf(services, record);
    atRest.set(record, known);
  }
  const runs = record.state === 'running' || record.state === 'frozen';
  const state = stateOf(services, record);
  // Most of ten thousand rest, and nothing is made anew for them.
  if (!runs && state === record.state) return known;
  const usage = runs ? services.guests.usage.get(record.id) : undefined;
  return {
    ...known,
    state,
    cpu: usage?.cpu ?? null,
    memory: usage?.memory ?? null,
    pids: usage?.pids ?? null,
  };
}

function atRestOf(services: GuestServices, record: GuestRecord): QueryFacts {
  const addresses = addressesIn(services, record);
  return {
    record,
    name: record.name,
    project: record.project,
    host: services.hosts.nameOf(record.installation),
    order: inOrder(record.name),
    kind: record.kind,
    image: record.image.toLowerCase(),
    by: record.createdBy,
    owner: record.owner,
    tags: record.tags,
    notes: record.notes.toLowerCase(),
    contact: record.contact.toLowerCase(),
    links: record.links.flatMap(({ title, url }) => [title.toLowerCase(), url.toLowerCase()]),
    expires: record.expires,
    fields: record.fields,
    fieldTexts: Object.values(record.fields).map((value) => String(value).toLowerCase()),
    ipv4: addresses?.ipv4 ?? null,
    ipv6: addresses?.ipv6 ?? null,
    ...{ state: record.state, cpu: null, memory: null, pids: null },
  };
}
