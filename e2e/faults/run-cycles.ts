import { setTimeout as pause } from 'node:timers/promises';
import { FAILPOINTS } from '../../server/failpoint/names.ts';
import { FaultServer } from './fault-server.ts';
import { randomOf } from './random.ts';
import { SCENARIOS, type Scenario, tidy } from './scenarios.ts';

/** ms within which a kill at random comes. */
const RANDOM_MS = 250;
const WORKERS = 3;

export interface CyclesReport {
  /** That were run. */
  cycles: number;
  /** Places that were killed or failed at, of all that the scenarios hit. */
  places: { tried: number; known: number };
  /** Servers that were killed, also in the middle of their recovery, and places that failed. */
  kills: { planned: number; atRandom: number; inRecovery: number; errors: number };
  /** Names of FAILPOINTS that nothing has hit. */
  unhit: string[];
  /** Each with its cycle: what an oracle found. */
  faults: string[];
}

interface Target {
  scenario: Scenario;
  place: string;
}

/** Faults, one after the other, on one instance: the same seed does the same again. `told` hears of each. */
export async function runCycles(options: {
  cycles: number;
  seed: number;
  /** Continue from this cycle. */
  from?: number;
  told?: (line: string) => void;
  /** The cycle that is under way is the last one. */
  signal?: AbortSignal;
}): Promise<CyclesReport> {
  await using server = await FaultServer.make();
  const run = new Cycles(server, options);
  return await run.all();
}

class Cycles {
  readonly #server: FaultServer;
  readonly #options: Parameters<typeof runCycles>[0];
  readonly #tried = new Set<string>();
  readonly #hit = new Set<string>();
  readonly #inRecovery = new Set<string>();
  readonly #report: CyclesReport;

  constructor(server: FaultServer, options: Parameters<typeof runCycles>[0]) {
    this.#server = server;
    this.#options = options;
    this.#report = {
      cycles: 0,
      places: { tried: 0, known: 0 },
      kills: { planned: 0, atRandom: 0, inRecovery: 0, errors: 0 },
      unhit: [],
      faults: [],
    };
  }

  async all(): Promise<CyclesReport> {
    const { cycles, seed, from = 0, signal } = this.#options;
    const random = randomOf(seed);
    const targets = random.shuffled(await this.#survey());
    this.#report.places.known = targets.length;
    await this.#surveyRecovery();
    for (let cycle = 0; cycle < cycles; cycle++) {
      const target = targets[cycle % targets.length];
      const dice = randomOf(seed * 1_000_003 + cycle);
      if (!target || cycle < from) continue;
      if (signal?.aborted) break;
      await this.#cycle(cycle, target, dice);
      this.#report.cycles += 1;
    }
    this.#report.places.tried = this.#tried.size;
    const names = new Set([...this.#hit, ...this.#inRecovery].map((place) => place.split(':')[0]));
    this.#report.unhit = FAILPOINTS.filter((name) => !names.has(name));
    return this.#report;
  }

  /** Every scenario once, without a fault: what it hits, and that the oracles are content. */
  async #survey(): Promise<Target[]> {
    const { client } = this.#server;
    const targets: Target[] = [];
    for (const scenario of SCENARIOS) {
      await scenario.prepare(client, 'surveyed');
      const places = await this.#server.trace(async () => {
        await scenario.act(client, 'surveyed');
        await this.#server.rest();
      });
      for (const place of places) {
        this.#hit.add(place);
        targets.push({ scenario, place });
      }
      this.#note(`without a fault, ${scenario.name}`, await this.#server.judge());
      await tidy(client);
    }
    return targets;
  }

  /** What a server that starts hits. */
  async #surveyRecovery(): Promise<void> {
    await this.#server.kill();
    const places = await this.#server.trace(async () => void (await this.#server.start()));
    for (const place of places) this.#inRecovery.add(place);
    this.#note('after a kill at rest', await this.#server.judge());
  }

  async #cycle(cycle: number, target: Target, dice: ReturnType<typeof randomOf>): Promise<void> {
    const { client } = this.#server;
    const kind = dice.below(10);
    const name = `c${cycle}`;
    let what: string;
    try {
      if (kind === 9) what = await this.#load(name, dice);
      else what = await this.#planned(name, target, kind >= 7 ? 'error' : 'kill');
      // Twice in a row, the second time while the first is being put right.
      if (!this.#server.isUp()) what += await this.#recover(kind < 3 ? dice : null);
      const lines = await this.#server.judge();
      this.#note(`cycle ${cycle}, ${what}`, lines);
      this.#options.told?.(
        `cycle ${cycle}: ${what}: ${lines.length === 0 ? 'nothing lost, nothing left' : lines.join('; ')}`,
      );
      await tidy(client);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#report.faults.push(
        `cycle ${cycle}, ${target.scenario.name} at ${target.place}: ${reason}\n${this.#server.log()}`,
      );
      throw new Error(`cycle ${cycle} of seed ${this.#options.seed}: ${this.#report.faults.join('\n')}`, {
        cause: error,
      });
    }
  }

  /** The scenario with its fault; an error where none can come becomes a kill. */
  async #planned(name: string, { scenario, place }: Target, wanted: 'kill' | 'error'): Promise<string> {
    const { client } = this.#server;
    await scenario.prepare(client, name);
    const action = wanted === 'error' && mayFail(place) ? 'error' : 'kill';
    this.#tried.add(`${scenario.name} ${place}`);
    this.#server.plan(`${place}=${action}`);
    await scenario.act(client, name);
    if (action === 'kill') {
      // What was not waited for comes to it later.
      await this.#server.ended();
      this.#report.kills.planned += 1;
    } else {
      await this.#server.rest();
      this.#report.kills.errors += 1;
    }
    this.#server.plan('');
    return `${scenario.name}, ${action} at ${place}`;
  }

  /** Several clients at work on guests of their own, and SIGKILL at a moment that nobody has chosen. */
  async #load(name: string, dice: ReturnType<typeof randomOf>): Promise<string> {
    const { client } = this.#server;
    const mixed = SCENARIOS.filter(({ name: one }) => !one.includes('image'));
    const ready = Array.from({ length: WORKERS }, (_, worker) => ({
      scenario: mixed[dice.below(mixed.length)],
      guest: `${name}-${worker}`,
    }));
    // One after the other: each wants the image to be there, and it is built once.
    for (const { scenario, guest } of ready) await scenario?.prepare(client, guest);
    const wait = dice.below(RANDOM_MS);
    const acts = ready.map(({ scenario, guest }) => scenario?.act(client, guest));
    await pause(wait);
    await this.#server.kill();
    await Promise.all(acts);
    this.#report.kills.atRandom += 1;
    return `killed ${wait} ms into ${ready.map(({ scenario }) => scenario?.name).join(' + ')}`;
  }

  async #recover(dice: ReturnType<typeof randomOf> | null): Promise<string> {
    let what = '';
    if (dice) {
      const places = [...this.#inRecovery, ...this.#hit].filter((place) => !place.startsWith('http.'));
      const place = places[dice.below(places.length)] ?? '';
      this.#server.plan(`${place}=kill`);
      if (!(await this.#server.start())) {
        what = `, and again at ${place} of the recovery`;
        this.#report.kills.inRecovery += 1;
      }
      this.#server.plan('');
      if (this.#server.isUp()) {
        // It may come to it yet: then it has fallen by its plan.
        return what;
      }
    }
    if (!(await this.#server.start())) throw new Error('the server does not start again');
    return what;
  }

  #note(when: string, lines: readonly string[]): void {
    for (const line of lines) this.#report.faults.push(`${when}: ${line}`);
  }
}

/** Where something else than the server's end may go wrong: within a step, or in the kernel. */
function mayFail(place: string): boolean {
  return /^(guest|image)\.[a-z.-]+:before/.test(place) && !/^guest\.(insert|update|remove)/.test(place);
}
