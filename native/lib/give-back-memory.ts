import { native } from './addon.ts';

/**
 * Give the kernel what this process has freed and its allocator keeps (malloc_trim(3)): after much was in use for a while it is most of what
 * a server would seem to need. Tens of ms, off the event loop.
 */
export function giveBackMemory(): Promise<void> {
  return native((addon) => addon.giveBackMemory());
}
