import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { AppError } from '../errors/app-error.ts';
import type { FailpointName } from './names.ts';
import { type Failpoint, type FailpointMoment, type FailpointPlan, parsePlan } from './plan.ts';

/** Between two looks for the file that ends a pause, ms. */
const LOOK_MS = 20;

let plan: FailpointPlan | null = null;
/** What the plan's file said when it was read last. */
let filed: { text: string; plan: FailpointPlan } | null = null;
const hits = new Map<string, number>();

/** From now on the points of this plan do what it says; for a server under test, at its start. */
export function armFailpoints(asked: FailpointPlan | null): void {
  plan = asked;
  filed = null;
  hits.clear();
}

/**
 * A place where a test lets the server be killed, fail or wait; without a plan it is one comparison. Throws AppError
 * `internal` where the plan says `error`.
 */
export function failpoint(name: FailpointName, moment: FailpointMoment): Promise<void> | undefined {
  return plan === null ? undefined : hit(plan, `${name}:${moment}`);
}

/** The same for a step of an operation, or for its undo. */
export function stepFailpoint(
  of: { kind: string; step: string; undo?: boolean },
  moment: FailpointMoment,
): Promise<void> | undefined {
  if (plan === null) return undefined;
  return hit(plan, `${of.kind}.${of.step}${of.undo ? '.undo' : ''}:${moment}`);
}

async function hit(own: FailpointPlan, place: string): Promise<void> {
  const { points, trace } = current(own);
  const count = (hits.get(place) ?? 0) + 1;
  hits.set(place, count);
  if (trace !== null) appendFileSync(trace, `${place}\n`);
  const point = points.find((one) => one.place === place && one.hit === count);
  if (point) await happen(point);
}

/** The plan, or what its file says now. */
function current(own: FailpointPlan): FailpointPlan {
  if (own.file === null) return own;
  const text = existsSync(own.file) ? readFileSync(own.file, 'utf8') : '';
  if (filed?.text === text) return filed.plan;
  filed = { text, plan: parsePlan(text) };
  hits.clear();
  return filed.plan;
}

async function happen({ place, action }: Failpoint): Promise<void> {
  if (action === 'kill') process.kill(process.pid, 'SIGKILL');
  if (action === 'error') throw new AppError('internal', `the failpoint ${place} failed as it was told to`);
  if (typeof action === 'object') while (!existsSync(action.pauseUntil)) await pause(LOOK_MS);
}
