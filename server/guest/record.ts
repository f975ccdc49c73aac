import type { EditKey, FieldEdit, GuestWords } from './record-schema.ts';
import type { Restarts } from './restart-policy.ts';
import type { GuestExit, GuestInit, GuestIsolation, GuestKind, GuestLimits } from './schema.ts';
import type { Settings, SettingsPatch } from './settings.ts';
import type { GuestState } from './state.ts';

/** What reconciliation steers a guest to. */
export type WantedState = 'stopped' | 'running' | 'frozen';

/** The identity of a running guest: never a bare pid. */
export interface RunIdentity {
  initPid: number;
  initStartTime: string;
  bootId: string;
  supervisorPid: number;
  startedAt: string;
}

/** What a guest was started with: what has changed since counts from the next start on, but for what is changed live. */
export type StartedSettings = Pick<Settings, 'isolation' | 'init' | 'command'> & { name: string };

/** A change that goes back by itself. */
export interface PendingRevert {
  at: string;
  /** The operation that made the change, the newest of several. */
  operation: string;
  /** The way back: what was kept last, of exactly those settings that were changed. */
  back: SettingsPatch;
}

/** Since when a guest is in the trash, by whom, and from when on it is deleted for good. */
export interface Trashed {
  at: string;
  by: string;
  until: string;
}

/** A guest as the inventory keeps it. */
export interface GuestRecord extends GuestWords {
  id: string;
  /** Id of the installation on whose host it lives (db/host-book.ts). */
  installation: string;
  name: string;
  project: string;
  kind: GuestKind;
  image: string;
  /** Empty until the image that it is made of is built. */
  imageBuild: string;
  command: string[];
  wanted: WantedState;
  /** The last steady state; what an operation is doing to it at the moment is in memory only (GuestStore.phase). */
  state: GuestState;
  problem: string | null;
  idRange: number;
  limits: GuestLimits;
  isolation: GuestIsolation;
  init: GuestInit;
  stopTimeoutMs: number;
  /** Host part of its addresses; null without a network. */
  lease: number | null;
  mac: string | null;
  /** Of the run at work; null when it does not run. */
  run: RunIdentity | null;
  /** Of the newest start; null before the first. */
  started: StartedSettings | null;
  revert: PendingRevert | null;
  exit: GuestExit | null;
  restart: Restarts;
  createdAt: string;
  createdBy: string;
  /** One more with each edit of what people write about it. */
  version: number;
  /** The newest edit of each of those fields. */
  edits: Partial<Record<EditKey, FieldEdit>>;
  /** The day of expiry that was acted upon: once. */
  expiryDone: string | null;
  /** Null: it is not in the trash. */
  trash: Trashed | null;
}

/** Room that somebody has been given in a project and has not used yet. */
export interface QuotaClaim {
  project: string;
  guest: Pick<GuestRecord, 'id' | 'lease' | 'name'>;
  limits: GuestLimits;
  /** What it will have when a change on trial went back. */
  back?: GuestLimits;
}
