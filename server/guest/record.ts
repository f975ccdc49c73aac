import type { GuestExit, GuestInit, GuestIsolation, GuestKind, GuestLimits } from './schema.ts';
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

/** A guest as the inventory keeps it. */
export interface GuestRecord {
  id: string;
  name: string;
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
  exit: GuestExit | null;
  createdAt: string;
  createdBy: string;
}
