import type { z } from 'zod';
import { assertPermissions } from '../assert-permissions.ts';
import { type AppServices, createAppRouter } from '../router.ts';
import type { ProcedureMeta } from '../trpc.ts';

/** A procedure of the real router. */
export interface ListedProcedure extends ProcedureMeta {
  path: string;
  type: 'query' | 'mutation' | 'subscription';
  /** What it takes; null: nothing. */
  input: z.core.$ZodType | null;
}

/** Whatever is asked of it, it is that again: routers are made of services that nobody calls. */
function nobody(): unknown {
  const one: unknown = new Proxy(() => one, { get: () => one });
  return one;
}

/** Every procedure that there is, so that a test about all of them is about the next one too. */
export function listProcedures(): ListedProcedure[] {
  const router = createAppRouter(nobody() as AppServices);
  const procedures = new Map<string, { _def: { type: ListedProcedure['type']; inputs: z.core.$ZodType[] } }>(
    Object.entries(router._def.procedures as object),
  );
  return [...assertPermissions(router)].map(([path, meta]) => {
    const definition = procedures.get(path)?._def;
    if (definition === undefined) throw new Error(`${path} has no type`);
    return { path, ...meta, type: definition.type, input: definition.inputs[0] ?? null };
  });
}
