import { readFileSync } from 'node:fs';
import type { z } from 'zod';

/** A small file that Berth wrote; null where it is not there or not what it was. */
export function readJson<Value>(path: string, schema: z.ZodType<Value>): Value | null {
  try {
    return schema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return null;
  }
}
