'use client';

import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import type { GuestEffects } from '../../../server/guest/effects-schema.ts';
import type { GuestLimits, GuestView } from '../../../server/guest/schema.ts';
import { ALONE, type ApiError, toApiError, useTRPC, useTRPCClient } from '../../_trpc/index.ts';
import { notify, plural } from '../../_ui/index.ts';
import { findLimitProblems } from './limit-problems.ts';
import { changedKeys, LIMIT_NAMES, type LimitKey, limitText, pickLimits } from './limit-text.ts';

/** The most that the host could give, until it is read. */
const NO_BOUNDS = { cpu: 4096, memory: 2 ** 53, swap: 2 ** 53, pids: 4_194_304 };

/** A change that was written: what was asked, what the kernel has since, and the counters at that moment. */
export interface Written {
  keys: readonly LimitKey[];
  before: GuestLimits;
  asked: GuestLimits;
  /** Null: the guest does not run. */
  readBack: GuestLimits | null;
  effects: GuestEffects | null;
  at: string;
  /** It goes back unless it is kept. */
  reverts: boolean;
}

/** What is drafted over a guest's limits, what is wrong with it, and writing it. Whatever fails, the draft stays. */
export function useLimitDraft(guest: GuestView, effects: GuestEffects | null) {
  const api = useTRPCClient();
  const trpc = useTRPC();
  const known = useQuery(trpc.guest.defaults.queryOptions()).data?.bounds ?? null;
  const bounds = known ?? NO_BOUNDS;
  const [edits, setEdits] = useState<Partial<GuestLimits>>({});
  const [failure, setFailure] = useState<ApiError | null>(null);
  const [isApplying, setApplying] = useState(false);
  const [written, setWritten] = useState<Written | null>(null);
  // An undo comes long after the change that it belongs to: its effects count from its own moment.
  const newest = useRef(effects);
  useEffect(() => {
    newest.current = effects;
  });

  // What was written is told while it holds: a change that went back, or was changed elsewhere, is no more what the kernel has.
  const holds = written !== null && changedKeys(pick(guest.limits, written), written.asked).length === 0;
  const held = useRef<Written | null>(null);
  useEffect(() => {
    if (holds) held.current = written;
    else if (written !== null && held.current === written) setWritten(null);
  }, [holds, written]);

  const limits: GuestLimits = { ...guest.limits, ...edits };
  const keys = changedKeys(guest.limits, limits);
  const problems = findLimitProblems(limits, keys, bounds);
  const path = failure?.field?.[0] === 'limits' ? failure.field.slice(1).join('.') : null;

  const write = async (
    before: GuestLimits,
    asked: GuestLimits,
    changed: readonly LimitKey[],
    revertAfterSeconds: number | null,
  ): Promise<string | null> => {
    setApplying(true);
    setFailure(null);
    try {
      const { readBack, operation } = await api.guest.configure.mutate(
        {
          guest: guest.id,
          limits: pickLimits(asked, changed),
          ...(revertAfterSeconds !== null && { revertAfterSeconds }),
        },
        ALONE,
      );
      const reverts = revertAfterSeconds !== null;
      setWritten({ keys: changed, before, asked, readBack, effects, at: new Date().toISOString(), reverts });
      setEdits((old) => withoutWritten(old, asked, changed));
      return operation.id;
    } catch (error) {
      setFailure(toApiError(error));
      return null;
    } finally {
      setApplying(false);
    }
  };

  return {
    limits,
    bounds,
    /** Null until the server has told what this host has. */
    hostBounds: known,
    keys,
    written,
    failure,
    isApplying,
    /** What the server refused that belongs to no field. */
    refusal: failure && path === null ? failure.message : null,
    errorAt: (at: string) =>
      problems[at] ?? (path === at || path?.startsWith(`${at}.`) ? (failure?.message ?? null) : null),
    hasProblems: Object.keys(problems).length > 0,
    set(change: Partial<GuestLimits>) {
      setFailure(null);
      setEdits((old) => ({ ...old, ...change }));
    },
    reset() {
      setFailure(null);
      setEdits({});
    },
    async apply(revertAfterSeconds: number | null) {
      const [before, asked] = [guest.limits, limits];
      const operation = await write(before, asked, keys, revertAfterSeconds);
      if (operation === null || revertAfterSeconds !== null) return;
      const [first] = keys;
      const undo = async () => {
        try {
          const { readBack } = await api.guest.undo.mutate({ operation }, ALONE);
          const at = new Date().toISOString();
          setWritten({
            keys,
            before: asked,
            asked: before,
            readBack,
            effects: newest.current,
            at,
            reverts: false,
          });
        } catch (error) {
          notify({ title: 'the change was not undone', detail: toApiError(error).message, tone: 'bad' });
        }
      };
      notify({
        title:
          keys.length === 1 && first
            ? `${LIMIT_NAMES[first].name} of ${guest.name}: ${limitText(first, asked)}`
            : `${plural(keys.length, 'limit')} of ${guest.name} changed`,
        about: guest.name,
        action: { label: 'Undo', run: () => void undo() },
      });
    },
  };
}

export type LimitDraft = ReturnType<typeof useLimitDraft>;

/** Of the limits, those that were written; else as they were asked for. */
function pick(limits: GuestLimits, { asked, keys }: Written): GuestLimits {
  return { ...asked, ...pickLimits(limits, keys) };
}

/** Edits that were made while the write was under way stay. */
function withoutWritten(edits: Partial<GuestLimits>, asked: GuestLimits, keys: readonly LimitKey[]) {
  const left = { ...edits };
  for (const key of keys) if (JSON.stringify(left[key]) === JSON.stringify(asked[key])) delete left[key];
  return left;
}
