/** Every state a guest can be in. `pending` states last as long as the operation that causes them. */
export const GUEST_STATES = [
  'creating',
  'stopped',
  'scheduled',
  'starting',
  'running',
  'freezing',
  'frozen',
  'stopping',
  'failed',
  'deleting',
] as const;
export type GuestState = (typeof GUEST_STATES)[number];

export const GUEST_VERBS = [
  'start',
  'stop',
  'restart',
  'freeze',
  'unfreeze',
  'rename',
  'delete',
  'configure',
  'enter',
] as const;
export type GuestVerb = (typeof GUEST_VERBS)[number];

/** From which states each verb is allowed. `failed` is a stopped guest whose last start or run ended
 * badly, `scheduled` one that starts by itself: by its restart policy, or as the host has booted. */
export const ALLOWED_FROM = {
  start: ['stopped', 'failed', 'scheduled'],
  stop: ['running', 'frozen', 'starting', 'scheduled'],
  restart: ['running', 'frozen'],
  freeze: ['running'],
  unfreeze: ['frozen'],
  rename: ['stopped', 'failed', 'scheduled', 'running', 'frozen'],
  delete: ['stopped', 'failed', 'scheduled', 'running', 'frozen'],
  configure: ['stopped', 'failed', 'scheduled', 'running', 'frozen'],
  enter: ['running'],
} as const satisfies Record<GuestVerb, readonly GuestState[]>;

/** Whether `verb` may be done to a guest in `state`. The server guards with it, the browser disables with it. */
export function isAllowed(verb: GuestVerb, state: GuestState): boolean {
  return (ALLOWED_FROM[verb] as readonly GuestState[]).includes(state);
}

/** Why not, for a person: names the state it is in and the states it would have to be in. */
export function whyNot(verb: GuestVerb, name: string, state: GuestState): string {
  if (verb === 'enter' && state === 'frozen') {
    return `cannot enter guest ${name}: it is frozen, and so would be what runs in it: unfreeze it first`;
  }
  const from = ALLOWED_FROM[verb].join(' or ');
  return `cannot ${verb} guest ${name}: it is ${state}, it must be ${from}`;
}
