/** What a running guest has at once, or what is asked for only when it ends. */
const AT_ONCE = [
  'limits',
  'isolation.mounts',
  'isolation.devices',
  'init.restart',
  'init.autostart',
  'stopTimeoutMs',
  'owner',
  'tags',
  'notes',
  'alwaysRecorded',
] as const;

/** Whether a change of a running guest counts only after a restart. `path` as in a difference: `isolation.mounts[/data]`. */
export function countsFromNextStart(path: string): boolean {
  return !AT_ONCE.some((part) => path === part || path.startsWith(`${part}.`) || path.startsWith(`${part}[`));
}
