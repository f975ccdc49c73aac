import { whoMay } from '../access/who-may.ts';
import { AppError, type FieldPath } from '../errors/app-error.ts';
import type { ProjectUse, QuotaName } from '../project/schema.ts';
import { bytes } from './limits.ts';
import type { GuestRecord, QuotaClaim } from './record.ts';
import type { GuestLimits } from './schema.ts';
import type { GuestServices } from './services.ts';
import { patched, settingsOf } from './settings.ts';

type Counted = Exclude<QuotaName, 'disk'>;
export type Amounts = Record<Counted, number>;
type Services = Pick<GuestServices, 'guests' | 'projects'>;

export const COUNTED = ['guests', 'cpu', 'memory', 'addresses'] as const satisfies Counted[];
export const NOTHING: Amounts = { guests: 0, cpu: 0, memory: 0, addresses: 0 };

/** A quota that is in the way. */
export interface Exceeded {
  project: string;
  quota: Counted;
  used: number;
  asked: number;
  limit: number;
}

/** What a guest takes of its project's quotas, running or not. cpu in thousandths of a core: sums of fractions would drift. Pure. */
export function amountsOf({ limits, lease }: { limits: GuestLimits; lease: number | null }): Amounts {
  const huge = limits.hugepages.reduce((sum, one) => sum + one.bytes, 0);
  return {
    guests: 1,
    cpu: Math.round(limits.cpu * 1000),
    // Huge pages are not charged to a group's memory (cgroup-v2.rst), so they would be a way round it.
    memory: limits.memory + huge,
    addresses: lease === null ? 0 : 1,
  };
}

export const most = (a: Amounts, b: Amounts): Amounts => ({
  guests: Math.max(a.guests, b.guests),
  cpu: Math.max(a.cpu, b.cpu),
  memory: Math.max(a.memory, b.memory),
  addresses: Math.max(a.addresses, b.addresses),
});

/** What a guest has, or what it will have when a change on trial went back, which asks nobody: the more of both. */
function amountsOfRecord(record: GuestRecord): Amounts {
  const now = amountsOf(record);
  if (!record.revert) return now;
  const { limits } = patched(settingsOf(record), record.revert.back);
  return most(now, amountsOf({ limits, lease: record.lease }));
}

/** What is in the trash does not run: of what is counted it has its address alone. */
function amountsOfTrashed({ lease }: GuestRecord): Amounts {
  return { ...NOTHING, addresses: lease === null ? 0 : 1 };
}

/** What a guest takes of its project as it is, in the trash or not. */
export const amountsTaken = (record: GuestRecord): Amounts =>
  record.trash ? amountsOfTrashed(record) : amountsOfRecord(record);

/** What was promised: the more of what the guest will have, and of what it has when a change on trial went back. Pure. */
export function amountsPromised({ guest: { lease }, limits, back = limits }: QuotaClaim): Amounts {
  return most(amountsOf({ limits, lease }), amountsOf({ limits: back, lease }));
}

/** Pure. */
export function sumOf(all: Iterable<Amounts>): Amounts {
  const sum = { ...NOTHING };
  for (const one of all) for (const name of COUNTED) sum[name] += one[name];
  return sum;
}

/** What the guests of a project take of its quotas, with what was promised and is not there yet. */
function amountsIn({ guests }: Services, project: string): Amounts {
  const byGuest = new Map<string, Amounts>();
  for (const id of guests.guestsIn(project)) {
    const record = guests.findAny(id);
    if (record?.project === project) byGuest.set(id, amountsTaken(record));
  }
  for (const claim of guests.claims.values()) {
    if (claim.project !== project) continue;
    const { id } = claim.guest;
    byGuest.set(id, most(byGuest.get(id) ?? NOTHING, amountsPromised(claim)));
  }
  return sumOf(byGuest.values());
}

/** The quota of a project that is in the way of going from `before` to `after`; null: none is. What grows none that is exceeded passes. */
export function exceededBy(
  { projects }: Pick<Services, 'projects'>,
  project: string,
  { before, after }: { before: Amounts; after: Amounts },
): Exceeded | null {
  const { quotas } = projects.get(project);
  for (const quota of COUNTED) {
    const limit = inUnits(quota, quotas[quota]);
    if (limit === null || after[quota] <= limit || after[quota] <= before[quota]) continue;
    return { project, quota, used: before[quota], asked: after[quota] - before[quota], limit };
  }
  return null;
}

/** What a project has in use, for people: cores and bytes. `disk` is somebody else's to measure. */
export function inUse(services: Services, project: string): Omit<ProjectUse, 'disk'> {
  const amounts = amountsIn(services, project);
  return { ...amounts, cpu: amounts.cpu / 1000 };
}

/**
 * Take room in a project for what a guest is going to be, in one turn: of two that ask at once the second counts the first. It is
 * held until the returned function is called, when the guest's record says the same or the change was given up. What grows no quota that is
 * exceeded passes, so that a quota which was lowered takes nothing away. Throws `busy` when the guest is being changed already.
 */
export function claimRoom(services: Services, claim: QuotaClaim): { release: () => void } | Exceeded {
  const { guests } = services;
  const { project, guest } = claim;
  if (guests.claims.has(guest.id))
    throw new AppError('busy', `guest ${guest.name} is being changed at the moment: try again`);
  const before = amountsIn(services, project);
  guests.claims.set(guest.id, claim);
  const exceeded = exceededBy(services, project, { before, after: amountsIn(services, project) });
  if (exceeded === null) return { release: () => guests.claims.delete(guest.id) };
  guests.claims.delete(guest.id);
  return exceeded;
}

/** What a guest will be, for `QuotaForecast`. */
interface Foreseen {
  project: string;
  limits: GuestLimits;
  lease: number | null;
  /** As it is now; null for one that is made. */
  before: GuestRecord | null;
}

/** Whether there is room for one guest after the other, as `claimRoom` would say it, while nothing is promised to any of them. */
export class QuotaForecast {
  readonly #services: Services;
  readonly #sums = new Map<string, Amounts>();

  constructor(services: Services) {
    this.#services = services;
  }

  /** The quota that is in the way, or null: then those that come later find this much less room. */
  add({ project, limits, lease, before }: Foreseen): Exceeded | null {
    const old = before ? amountsOfRecord(before) : NOTHING;
    const sum = this.#sumOf(project);
    const here = before?.project === project ? old : NOTHING;
    const now = amountsOf({ limits, lease });
    const after = { ...sum };
    for (const quota of COUNTED) after[quota] += now[quota] - here[quota];
    const exceeded = exceededBy(this.#services, project, { before: sum, after });
    if (exceeded) return exceeded;
    this.#sums.set(project, after);
    if (before && before.project !== project) {
      const left = { ...this.#sumOf(before.project) };
      for (const quota of COUNTED) left[quota] -= old[quota];
      this.#sums.set(before.project, left);
    }
    return null;
  }

  #sumOf(project: string): Amounts {
    return this.#sums.get(project) ?? amountsIn(this.#services, project);
  }
}

/** A quota as it is counted: cpu in thousandths of a core. */
const inUnits = (quota: Counted, given: number | null) =>
  given !== null && quota === 'cpu' ? Math.round(given * 1000) : given;

const FIELDS: Partial<Record<QuotaName, FieldPath>> = {
  cpu: ['limits', 'cpu'],
  memory: ['limits', 'memory'],
};
const shown = (quota: QuotaName, value: number): string => {
  if (quota === 'cpu') return `${value / 1000} cores`;
  if (quota === 'memory' || quota === 'disk') return bytes(value);
  return `${value} ${quota}`;
};

/** cpu in thousandths of a core. `asked`: beyond what is used; null: nothing in particular. */
export async function overQuota(
  { db }: Pick<GuestServices, 'db'>,
  {
    project,
    quota,
    used,
    asked,
    limit,
  }: Omit<Exceeded, 'quota' | 'asked'> & {
    quota: QuotaName;
    asked: number | null;
  },
): Promise<AppError> {
  const who = (await whoMay(db, 'project.manage')).map((name) => `${name} or `).join('');
  const amount = (value: number) => shown(quota, value);
  const more = asked === null ? 'nothing more is started' : `${amount(asked)} more would be too much`;
  return new AppError(
    'over_quota',
    `project ${project} has ${amount(used)} of at most ${amount(limit)} in use, ${more}: ${who}root raises it by berth project set ${project} --${quota}`,
    { field: FIELDS[quota] ?? ['project'] },
  );
}
