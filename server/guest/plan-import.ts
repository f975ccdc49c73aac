import { may } from '../access/may.ts';
import { AppError, type FieldPath } from '../errors/app-error.ts';
import { DEFAULT_PROJECT } from '../project/schema.ts';
import { assertSpace, GUEST_NEEDS_BYTES } from './assert-space.ts';
import { freeNumbers, judgeNewGuest } from './create-guest.ts';
import { requireDisk } from './disk-use.ts';
import { assertNameFree } from './guest-name.ts';
import { backTo, changeOf, tellChange, tellNew } from './import-change.ts';
import { type ImportPlan, type ImportPlanRow, type ImportRow, newGuestOf } from './import-schema.ts';
import { type Importer, judgeRow, requireSameMake, seenOf } from './judge-import.ts';
import { overQuota, QuotaForecast } from './quota.ts';
import type { GuestRecord } from './record.ts';
import type { GuestServices } from './services.ts';
import { patched, settingsOf } from './settings.ts';

/** What an import is told of the host and the quotas once, for all its rows. */
interface Outlook {
  forecast: QuotaForecast;
  numbers: ReturnType<typeof freeNumbers> | null;
  disk: Map<string, Promise<void>>;
}

/**
 * What importing these guests would do, one after the other, and what stands in the way: rights, quotas (each row counts those before
 * it), wrong values. Nothing is changed or promised. Guests that one may not see are not there, but for their names.
 */
export async function planImport(
  services: GuestServices,
  by: Importer,
  rows: readonly ImportRow[],
): Promise<ImportPlan> {
  const outlook: Outlook = { forecast: new QuotaForecast(services), numbers: null, disk: new Map() };
  const planned: ImportPlanRow[] = [];
  for (const row of rows) {
    const record = guestOf(services, by, row);
    planned.push(
      await (record
        ? planChange(services, by, { row, record, outlook })
        : planNew(services, by, { row, outlook })),
    );
    // Others are served in between, however long the file is.
    await new Promise((resolve) => setImmediate(resolve));
  }
  return { rows: planned };
}

/** The guest that a row is about: by its id, else by its name; null for one that is not there for who asks. */
function guestOf(
  { guests }: GuestServices,
  { rights }: Importer,
  { id, name }: ImportRow,
): GuestRecord | null {
  // By name alone: what looks like an id is a name of this file.
  for (const known of [id === undefined ? null : guests.find(id), guests.find(guests.ref(name) ?? '')])
    if (known && (known.id === id || known.name === name) && may(rights, 'guest.view', { guest: known.id }))
      return known;
  return null;
}

async function planNew(
  services: GuestServices,
  by: Importer,
  { row, outlook }: { row: ImportRow; outlook: Outlook },
): Promise<ImportPlanRow> {
  const base = { line: row.line, name: row.name, guest: null, seen: null, changes: tellNew(row), back: null };
  return judged(base, 'new', async () => {
    const project = row.project ?? DEFAULT_PROJECT;
    if (!may(by.rights, 'guest.create', { project })) throw await by.guard.refusal(by.actor, 'guest.create');
    assertNameFree(services, row.name);
    outlook.numbers ??= freeNumbers(services);
    const { numbers } = outlook;
    const made = await judgeNewGuest(services, by.actor, newGuestOf(row), numbers);
    await assertSpace(services.instance.dataDir, GUEST_NEEDS_BYTES);
    await requireRoomOnDisk(services, project, outlook);
    const { lease } = numbers;
    const over = outlook.forecast.add({ project, limits: made.settings.limits, lease, before: null });
    if (over) throw await overQuota(services, over);
  });
}

async function planChange(
  services: GuestServices,
  by: Importer,
  { row, record, outlook }: { row: ImportRow; record: GuestRecord; outlook: Outlook },
): Promise<ImportPlanRow> {
  const found = services.projects.all().find(({ name }) => name === (row.project ?? record.project));
  const change = changeOf(row, record, found?.fields ?? []);
  const changes = tellChange(row, record, change);
  const base = { line: row.line, name: row.name, guest: record.id, seen: seenOf(record), changes };
  const isMade = (row.image ?? record.image) === record.image && (row.kind ?? record.kind) === record.kind;
  if (changes.length === 0 && isMade) return { ...base, verdict: 'same', problem: null, back: null };
  return judged({ ...base, back: backTo(row, record, change) }, 'changed', async () => {
    if (!may(by.rights, 'guest.configure', { guest: record.id }))
      throw await by.guard.refusal(by.actor, 'guest.configure');
    await by.guard.requireHere('guest.importChange', 'guest', { guest: record.id });
    requireSameMake(row, record);
    await judgeRow(services, by, { record, change });
    const project = change.project ?? record.project;
    if (change.project !== null) await requireRoomOnDisk(services, project, outlook);
    const { limits } = change.settings ? patched(settingsOf(record), change.settings) : record;
    const over = outlook.forecast.add({ project, limits, lease: record.lease, before: record });
    if (over) throw await overQuota(services, over);
  });
}

/** Measured once for each project. */
function requireRoomOnDisk(services: GuestServices, project: string, { disk }: Outlook): Promise<void> {
  const known = disk.get(project) ?? requireDisk(services, project);
  disk.set(project, known);
  return known;
}

/** The row as it would go, or why it would not. */
async function judged(
  row: Omit<ImportPlanRow, 'verdict' | 'problem'>,
  verdict: 'new' | 'changed',
  judge: () => Promise<void>,
): Promise<ImportPlanRow> {
  try {
    await judge();
    return { ...row, verdict, problem: null };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const { code, message, field } = error;
    return { ...row, verdict: 'refused', problem: { code, message, field: inFile(field) }, back: null };
  }
}

/** What the verbs call otherwise than a file does. */
const CALLED: Readonly<Record<string, string>> = { addTags: 'tags', addLinks: 'links', setFields: 'fields' };

function inFile(field: FieldPath | null): FieldPath | null {
  return field?.map((part, index) => (index === 0 ? (CALLED[part] ?? part) : part)) ?? null;
}
