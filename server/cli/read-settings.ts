import { configureGuestInput } from '../guest/schema.ts';
import { misused } from './fail.ts';

const settingsSchema = configureGuestInput.pick({ limits: true, isolation: true, init: true }).strict();

/** Settings typed as JSON; undefined when none are. Throws what is wrong with them, by path. */
export function readSettings(text: string | undefined) {
  if (text === undefined) return undefined;
  let plain: unknown;
  try {
    plain = JSON.parse(text);
  } catch (error) {
    throw misused(`--settings is no JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  const result = settingsSchema.safeParse(plain);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw misused(`--settings: ${[issue?.path.join('.'), issue?.message].filter(Boolean).join(': ')}`);
}
