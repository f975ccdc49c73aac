import type { AttendInput } from '../../../server/presence/schema.ts';

export type Where = Partial<AttendInput>;

interface Subscription {
  unsubscribe(): void;
}

/** How a subscription is begun. */
export type Open = (
  where: Where,
  on: { onData: () => void; onError: () => void; onComplete: () => void },
) => Subscription;

/** ms until a place that was refused or lost is asked for again: it may be granted, or made, by then. */
const AGAIN_MS = 5000;

/** Says where this window is. The new place counts before the old one is given up, so that to others nobody leaves in between. */
export class KeptSeat {
  readonly #open: Open;
  #now: Subscription | null = null;
  #before: Subscription[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(open: Open) {
    this.#open = open;
  }

  move(where: Where): void {
    clearTimeout(this.#timer);
    if (this.#now) this.#before.push(this.#now);
    const again = () => {
      if (this.#now !== subscription) return;
      this.#leaveBefore();
      this.#now = null;
      this.#timer = setTimeout(() => this.move(where), AGAIN_MS);
    };
    const subscription = this.#open(where, {
      onData: () => {
        if (this.#now === subscription) this.#leaveBefore();
      },
      onError: again,
      onComplete: again,
    });
    this.#now = subscription;
  }

  leave(): void {
    clearTimeout(this.#timer);
    this.#leaveBefore();
    this.#now?.unsubscribe();
    this.#now = null;
  }

  #leaveBefore(): void {
    for (const subscription of this.#before) subscription.unsubscribe();
    this.#before = [];
  }
}
