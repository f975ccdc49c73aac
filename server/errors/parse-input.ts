import type { z } from 'zod';
import { explainInput } from './explain-input.ts';

/** What a body says. Throws AppError `bad_input` that names the field. */
export function parseInput<S extends z.ZodType>(schema: S, input: unknown): z.output<S> {
  const parsed = schema.safeParse(input);
  if (!parsed.success) throw explainInput(parsed.error, input);
  return parsed.data;
}
