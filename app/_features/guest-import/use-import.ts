'use client';

import { useRef, useState } from 'react';
import { type ImportPlanRow, type ImportRow, newGuestOf } from '../../../server/guest/import-schema.ts';
import { formatOf, type ImportFile, readImport } from '../../../server/guest/read-import-schema.ts';
import { ALONE, toApiError, useTRPCClient } from '../../_trpc/index.ts';
import { keyOf, type Outcome } from './import-entries.ts';

/** A file that was looked at. */
export interface Looked {
  /** Of the file, or what stands for it. */
  name: string;
  file: Pick<ImportFile, 'rows' | 'problems' | 'ignored'>;
  plan: ImportPlanRow[];
}

type Phase = 'choosing' | 'looking' | 'looked' | 'applying' | 'applied';

/** An import from the file to its results: looked at by the server first, then applied guest by guest. */
export function useImport() {
  const api = useTRPCClient();
  const [phase, setPhase] = useState<Phase>('choosing');
  const [looked, setLooked] = useState<Looked | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [outcomes, setOutcomes] = useState<ReadonlyMap<string, Outcome>>(new Map());
  const isStopped = useRef(false);

  const look = async (name: string, file: Looked['file']) => {
    setPhase('looking');
    setProblem(null);
    setOutcomes(new Map());
    try {
      const { rows } = file;
      const plan = rows.length > 0 ? (await api.guest.planImport.mutate({ rows }, ALONE)).rows : [];
      setLooked({ name, file, plan });
      setPhase('looked');
    } catch (error) {
      setProblem(toApiError(error).message);
      setPhase(looked ? 'looked' : 'choosing');
    }
  };

  /** One guest after the other, so that one may stop in between; each is done whole or not at all. */
  const apply = async () => {
    if (!looked || phase !== 'looked') return;
    isStopped.current = false;
    setPhase('applying');
    const todo = looked.plan.filter(isToDo);
    setOutcomes(new Map(todo.map((row) => [keyOf(row), { status: 'waiting', message: null }])));
    const tell = (row: ImportPlanRow, outcome: Outcome) =>
      setOutcomes((all) => new Map(all).set(keyOf(row), outcome));
    for (const row of todo) {
      if (isStopped.current) {
        tell(row, { status: 'failed', message: 'stopped before it was done' });
        continue;
      }
      try {
        await applyRow(row, looked.file.rows);
        tell(row, { status: 'done', message: null });
      } catch (error) {
        tell(row, { status: 'failed', message: toApiError(error).message });
      }
    }
    setPhase('applied');
  };

  const applyRow = async (planned: ImportPlanRow, rows: readonly ImportRow[]) => {
    const row = rows.find((one) => keyOf(one) === keyOf(planned));
    if (!row) return;
    const { guest, seen } = planned;
    if (guest !== null && seen !== null) await api.guest.importChange.mutate({ guest, seen, row }, ALONE);
    else await api.guest.create.mutate({ ...newGuestOf(row), wait: true }, ALONE);
  };

  const done = (looked?.plan ?? []).filter((row) => outcomes.get(keyOf(row))?.status === 'done');
  const back = done.flatMap((row) => (row.back ? [row.back] : []));
  return {
    phase,
    looked,
    problem,
    outcomes,
    /** Guests that would be made or changed. */
    todo: looked?.plan.filter(isToDo).length ?? 0,
    /** Changed guests that can be brought back to what they were. */
    undoable: back.length,
    read: (name: string | null, text: string) => {
      const file = readImport(text, formatOf(name, text));
      return look(name ?? 'pasted text', file);
    },
    again: () => (looked ? look(looked.name, looked.file) : Promise.resolve()),
    apply,
    stop: () => {
      isStopped.current = true;
    },
    /** What was changed, as it was: looked at before it is applied as any file. */
    undo: () => look('the way back', { rows: back, problems: [], ignored: [] }),
    reset: () => {
      setLooked(null);
      setProblem(null);
      setOutcomes(new Map());
      setPhase('choosing');
    },
  };
}

const isToDo = ({ verdict }: ImportPlanRow) => verdict === 'new' || verdict === 'changed';
