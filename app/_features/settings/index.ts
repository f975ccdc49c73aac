export { capabilityMeaning } from './capability-meaning.ts';
export { CodeEditor } from './code-editor.tsx';
export { idRangeText } from './describe-setting.ts';
export { explainIssues } from './explain-issues.ts';
export { changesOf, flattenSettings, type SettingChange } from './flatten-settings.ts';
export {
  DEFAULT_SETTINGS,
  ENTRY_DEFAULTS,
  type GuestConfig,
} from './guest-settings.ts';
export { PrivilegedDialog } from './privileged-dialog.tsx';
export { ruleProblems } from './rule-problems.ts';
export { sameValue } from './same-value.ts';
export type { SettingsEdit } from './settings-edit.ts';
export { SettingsSections } from './settings-sections.tsx';
export { usePeers } from './use-peers.ts';
