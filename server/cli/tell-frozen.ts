import type { GuestView } from '../guest/schema.ts';
import type { Api } from './api.ts';
import { subscribe } from './subscribe.ts';
import type { Output } from './terminal-output.ts';

/**
 * Say on stderr when a guest stands still, and when it goes on: whoever types into it would think that the terminal is
 * broken. Returns how to stop. A server that goes away is told by the terminal itself.
 */
export function tellFrozen(api: Api, guest: string, out: Output): () => void {
  const done = new AbortController();
  let told = '';
  const tell = (view: GuestView) => {
    const now = standstillOf(view);
    if (now === told || done.signal.aborted) return;
    told = now;
    out.note(`\n${out.paintNote('cyan', now === '' ? `${view.name} goes on` : now)}`);
  };
  void watch(api, guest, done.signal, tell).catch(() => undefined);
  return () => done.abort();
}

async function watch(
  api: Api,
  guest: string,
  signal: AbortSignal,
  tell: (view: GuestView) => void,
): Promise<void> {
  let id: string | null = null;
  const look = async () => {
    const view = await api.query('guest', 'get', { guest });
    id = view.id;
    tell(view);
  };
  // Asked for only then, so that nothing happens between the answer and the first event.
  const onStart = () => void look().catch(() => undefined);
  for await (const event of subscribe(api, 'event', 'stream', undefined, { signal, onStart })) {
    if (event.type === 'guest.changed' && event.guest.id === id) tell(event.guest);
  }
}

/** Why nothing in the guest runs and what ends that; empty when it does run, or has ended. */
export function standstillOf({
  name,
  state,
  waitingForMemory,
}: Pick<GuestView, 'name' | 'state' | 'waitingForMemory'>): string {
  if (waitingForMemory)
    return `the memory of ${name} is full and it stands still: see berth guest memory --help`;
  return state === 'frozen'
    ? `${name} is frozen: what you type waits until berth guest unfreeze ${name}`
    : '';
}
