import { configureGuestInput } from '../guest/schema.ts';
import type { OptionSpec } from './command.ts';
import { misused } from './fail.ts';

const settingsSchema = configureGuestInput.pick({ limits: true, isolation: true, init: true }).strict();

export const SETTINGS_OPTION: Readonly<Record<string, OptionSpec>> = {
  settings: {
    type: 'string',
    value: 'JSON',
    help: 'any settings: {"isolation":{"nesting":true},"init":{…},"limits":{…}}',
  },
};

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
