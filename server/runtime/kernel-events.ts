import type { GuestKernelEvent } from './port.ts';

/** What guests tell of the kernel, for whoever listens; what is told before anybody does is kept for the first. */
export class KernelEvents {
  readonly #listeners: ((event: GuestKernelEvent) => void)[] = [];
  readonly #untold: GuestKernelEvent[] = [];

  tell(event: GuestKernelEvent): void {
    if (this.#listeners.length === 0) this.#untold.push(event);
    for (const listener of this.#listeners) listener(event);
  }

  on(listener: (event: GuestKernelEvent) => void): void {
    this.#listeners.push(listener);
    for (const event of this.#untold.splice(0)) listener(event);
  }
}
