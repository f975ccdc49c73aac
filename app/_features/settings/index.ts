export { changesOf, flattenSettings, type SettingChange } from './flatten-settings.ts';
export {
  BYTES_PATHS,
  DEFAULT_SETTINGS,
  ENTRY_DEFAULTS,
  type GuestConfig,
  patternOf,
} from './guest-settings.ts';
export { sameValue } from './same-value.ts';
