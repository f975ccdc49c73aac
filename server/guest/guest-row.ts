import { z } from 'zod';
import type { Db } from '../db/client.ts';
import { fieldValue } from '../project/field-schema.ts';
import { AT_EXPIRY, dayOf } from './expiry-schema.ts';
import { DEFAULT_INIT } from './init-schema.ts';
import { DEFAULT_ISOLATION } from './isolation-schema.ts';
import type { GuestRecord, WantedState } from './record.ts';
import { fieldEdit, guestLink } from './record-schema.ts';
import { NO_RESTARTS } from './restart-policy.ts';
import { guestInit, guestIsolation, guestKind, guestLimits, MORE_LIMITS } from './schema.ts';
import { settingsPatch } from './settings.ts';
import { GUEST_STATES, type GuestState } from './state.ts';

export type GuestRow = Awaited<ReturnType<Db['guest']['findUniqueOrThrow']>>;
type Json = GuestRow['config'];

const WANTED: readonly WantedState[] = ['stopped', 'running', 'frozen'];

/** The columns of a record, the shape that the database keeps. Pure. */
export function rowOf(record: GuestRecord): GuestRow {
  const { run, exit, limits } = record;
  return {
    id: record.id,
    installationId: record.installation,
    name: record.name,
    project: record.project,
    kind: record.kind,
    imageName: record.image,
    imageBuild: record.imageBuild,
    command: record.command,
    wanted: record.wanted,
    state: record.state,
    problem: record.problem,
    idRange: record.idRange,
    cpuMillis: Math.round(limits.cpu * 1000),
    memoryBytes: BigInt(limits.memory),
    swapBytes: BigInt(limits.swap),
    pids: limits.pids,
    config: configOf(record),
    stopTimeoutMs: record.stopTimeoutMs,
    lease: record.lease,
    mac: record.mac,
    initPid: run?.initPid ?? null,
    initStartTime: run?.initStartTime ?? null,
    bootId: run?.bootId ?? null,
    supervisorPid: run?.supervisorPid ?? null,
    startedAt: run ? new Date(run.startedAt) : null,
    exitStatus: exit?.status ?? null,
    exitSignal: exit?.signal ?? null,
    exitOom: exit?.outOfMemory ?? false,
    exitAt: exit ? new Date(exit.at) : null,
    createdAt: new Date(record.createdAt),
    createdBy: record.createdBy,
    tags: record.tags,
    notes: record.notes,
    owner: record.owner,
    contact: record.contact,
    urls: record.links as Json,
    expires: dateOf(record.expires),
    atExpiry: record.atExpiry,
    expiryDone: dateOf(record.expiryDone),
    fields: record.fields as Json,
    version: record.version,
    edits: record.edits as Json,
    trashedAt: record.trash && new Date(record.trash.at),
    trashedBy: record.trash?.by ?? null,
    trashedUntil: record.trash && new Date(record.trash.until),
    trashId: record.trash ? record.id : '',
  };
}

/** The record of a row. Throws on values that no version of Berth has written (a damaged database). Pure. */
export function recordOf(row: GuestRow): GuestRecord {
  return {
    id: row.id,
    installation: row.installationId,
    name: row.name,
    project: row.project,
    kind: guestKind.parse(row.kind),
    image: row.imageName,
    imageBuild: row.imageBuild,
    command: row.command,
    wanted: known(row, 'wanted', row.wanted, WANTED),
    state: known<GuestState>(row, 'state', row.state, GUEST_STATES),
    problem: row.problem,
    idRange: row.idRange,
    ...configIn(row),
    stopTimeoutMs: row.stopTimeoutMs,
    lease: row.lease,
    mac: row.mac,
    run: runOf(row),
    exit: row.exitAt && {
      status: row.exitStatus,
      signal: row.exitSignal,
      outOfMemory: row.exitOom,
      at: row.exitAt.toISOString(),
    },
    createdAt: row.createdAt.toISOString(),
    createdBy: row.createdBy,
    tags: row.tags,
    notes: row.notes,
    owner: row.owner,
    contact: row.contact,
    links: storedLinks.parse(row.urls),
    expires: dayIn(row.expires),
    atExpiry: known(row, 'atExpiry', row.atExpiry, AT_EXPIRY),
    expiryDone: dayIn(row.expiryDone),
    fields: storedFields.parse(row.fields),
    version: row.version,
    edits: storedEdits.parse(row.edits),
    trash: trashIn(row),
  };
}

function trashIn({ trashedAt, trashedBy, trashedUntil }: GuestRow): GuestRecord['trash'] {
  if (!trashedAt || !trashedUntil) return null;
  return { at: trashedAt.toISOString(), by: trashedBy ?? '', until: trashedUntil.toISOString() };
}

const dateOf = (day: string | null) => (day === null ? null : new Date(day));
const dayIn = (date: Date | null) => (date === null ? null : dayOf(date.getTime()));

/** Main limits have columns of their own, which sums are made over; everything else is one document. */
function configOf({ limits, isolation, init, started, revert, restart }: GuestRecord): Json {
  const { cpu: _cpu, memory: _memory, swap: _swap, pids: _pids, ...more } = limits;
  // Plain data by its schemas: JSON takes it as it is.
  return { limits: more, isolation, init, started, revert, restart } as Json;
}

const started = z.object({
  name: z.string(),
  command: z.array(z.string()),
  isolation: z.looseObject({}),
  init: z.looseObject({}),
});
// Made once: to make a schema costs a hundred times what to use it does, and ten thousand rows are read at a start.
const storedConfig = z
  .object({
    limits: z.looseObject({}),
    isolation: z.looseObject({}),
    init: z.looseObject({}),
    started: started.nullable(),
    restart: z.object({ count: z.number(), at: z.iso.datetime().nullable() }),
    revert: z.object({ at: z.iso.datetime(), operation: z.string(), back: settingsPatch }).nullable(),
  })
  .partial();
const storedLinks = z.array(guestLink);
const storedFields = z.record(z.string(), fieldValue);
const storedEdits = z.record(z.string(), fieldEdit);

function configIn(
  row: GuestRow,
): Pick<GuestRecord, 'limits' | 'isolation' | 'init' | 'started' | 'revert' | 'restart'> {
  const config = storedConfig.parse(row.config);
  const isolation = (part: object | undefined) => guestIsolation.parse({ ...DEFAULT_ISOLATION, ...part });
  const init = (part: object | undefined) => guestInit.parse({ ...DEFAULT_INIT, ...part });
  const { started } = config;
  const main = {
    cpu: row.cpuMillis / 1000,
    memory: Number(row.memoryBytes),
    swap: Number(row.swapBytes),
    pids: row.pids,
  };
  return {
    limits: guestLimits.parse({ ...MORE_LIMITS, ...config.limits, ...main }),
    isolation: isolation(config.isolation),
    init: init(config.init),
    started: started
      ? { ...started, isolation: isolation(started.isolation), init: init(started.init) }
      : null,
    revert: config.revert ?? null,
    restart: config.restart ?? NO_RESTARTS,
  };
}

function runOf(row: GuestRow): GuestRecord['run'] {
  const { initPid, initStartTime, bootId, supervisorPid, startedAt } = row;
  if (initPid === null || initStartTime === null || bootId === null || supervisorPid === null || !startedAt) {
    return null;
  }
  return { initPid, initStartTime, bootId, supervisorPid, startedAt: startedAt.toISOString() };
}

function known<Value extends string>(
  row: GuestRow,
  column: string,
  value: string,
  values: readonly Value[],
): Value {
  const found = values.find((one) => one === value);
  if (found === undefined) {
    throw new Error(
      `guest ${row.name} has ${column} ${value} in the database, which must be ${values.join(' or ')}`,
    );
  }
  return found;
}
