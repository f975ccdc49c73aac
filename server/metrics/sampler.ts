import type { GuestUsage } from '../guest/schema.ts';
import type { GuestServices } from '../guest/services.ts';
import type { GuestStore } from '../guest/store.ts';
import type { RuntimePort } from '../runtime/port.ts';
import { type Sample, usageOf } from './rates.ts';
import type { UsageHistory } from './schema.ts';
import { UsageRing } from './usage-ring.ts';

const INTERVAL_MS = 1000;

type Services = Pick<GuestServices, 'events' | 'log'> & {
  guests: Pick<GuestStore, 'all' | 'find' | 'findAny' | 'usage'>;
  runtime: Pick<RuntimePort, 'readUsage'>;
};

/** Where the time comes from; another one in tests. */
export interface Clock {
  /** Unix ms. */
  wall(): number;
  /** Monotonic ms. */
  monotonic(): number;
}

const CLOCK: Clock = { wall: Date.now, monotonic: () => performance.now() };

/**
 * Reads the counters of all running guests once a second in one native call, keeps ten minutes of each and tells
 * every client. With nothing running it does nothing but look.
 */
export class UsageSampler implements AsyncDisposable {
  readonly #services: Services;
  readonly #clock: Clock;
  readonly #last = new Map<string, Sample>();
  readonly #rings = new Map<string, UsageRing>();
  #timer: NodeJS.Timeout | null = null;
  #working: Promise<void> | null = null;
  #failing = false;

  constructor(services: Services, clock: Clock = CLOCK) {
    this.#services = services;
    this.#clock = clock;
  }

  start(): void {
    this.#timer ??= setInterval(() => {
      // A slow second is left out, never queued.
      this.#working ??= this.sample().finally(() => {
        this.#working = null;
      });
    }, INTERVAL_MS);
    this.#timer.unref();
  }

  /** Take one sample of everything now; never rejects. */
  async sample(): Promise<void> {
    const { guests, runtime, log } = this.#services;
    const running = guests
      .all()
      .filter((one) => one.run && (one.state === 'running' || one.state === 'frozen'));
    this.#forgetOthers();
    if (running.length === 0) return;
    try {
      const usage = await runtime.readUsage(running.map((one) => one.id));
      const clockMs = this.#clock.monotonic();
      const samples: { id: string; sample: Sample }[] = [];
      for (const { id, run } of running) {
        const raw = usage.get(id);
        if (raw && run) samples.push({ id, sample: { run: run.initStartTime, clockMs, raw } });
      }
      this.#keep(samples);
      this.#failing = false;
    } catch (error) {
      if (!this.#failing) log.warn('cannot read the usage of guests', { error });
      this.#failing = true;
    }
  }

  /** The last ten minutes of a guest; empty when it has not run since the server started. */
  history(id: string): UsageHistory {
    return (this.#rings.get(id) ?? new UsageRing()).history();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#timer) clearInterval(this.#timer);
    this.#timer = null;
    await this.#working;
  }

  #keep(samples: readonly { id: string; sample: Sample }[]): void {
    const { guests, events } = this.#services;
    const now = this.#clock.wall();
    const current: Record<string, GuestUsage> = {};
    for (const { id, sample } of samples) {
      // It may have ended while the counters were read.
      if (!guests.find(id)?.run) continue;
      const usage = usageOf(sample, this.#last.get(id));
      this.#last.set(id, sample);
      guests.usage.set(id, usage);
      current[id] = usage;
      const ring = this.#rings.get(id) ?? new UsageRing();
      this.#rings.set(id, ring);
      ring.push(now / 1000, usage);
    }
    events.publish({ type: 'usage', at: new Date(now).toISOString(), guests: current });
  }

  #forgetOthers(): void {
    for (const map of [this.#last, this.#rings]) {
      for (const id of map.keys()) if (!this.#services.guests.findAny(id)) map.delete(id);
    }
  }
}
