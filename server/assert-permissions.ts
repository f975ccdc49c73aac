import type { AnyTRPCRouter } from '@trpc/server';
import { z } from 'zod';
import { LOCATORS } from './access/guard.ts';
import { PERMISSION_NAMES } from './access/schema.ts';
import type { ProcedureMeta } from './trpc.ts';

const declared = z.union([
  z.object({ permission: z.enum(['public', 'self', 'root']) }),
  z.object({ permission: z.enum(PERMISSION_NAMES), on: z.enum(LOCATORS) }),
]);

/** Who may call each procedure, by its path. Throws Error that names every procedure which does not say. */
export function assertPermissions(router: AnyTRPCRouter): Map<string, ProcedureMeta> {
  const found = new Map<string, ProcedureMeta>();
  const silent: string[] = [];
  for (const [path, procedure] of Object.entries(router._def.procedures)) {
    const meta = declared.safeParse(metaOf(procedure));
    if (meta.success) found.set(path, meta.data);
    else silent.push(path);
  }
  if (silent.length > 0) throw new Error(`procedures without a declared permission: ${silent.join(', ')}`);
  return found;
}

function metaOf(procedure: unknown): unknown {
  if (typeof procedure !== 'function' || !('_def' in procedure)) return undefined;
  const definition = procedure._def;
  return typeof definition === 'object' && definition !== null && 'meta' in definition
    ? definition.meta
    : undefined;
}
