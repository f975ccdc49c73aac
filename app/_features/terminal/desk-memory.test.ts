import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { DeskView, SavedDesk, StoredDesk } from '../../../server/desk/schema.ts';
import { DeskMemory } from './desk-memory.ts';
import { NO_DESK } from './desk-storage.ts';
import { mergeDesks } from './merge-desks.ts';

const beside = (first: string, second: string) => ({
  ...{ direction: 'right' as const, ratio: 0.5, first, second },
});
const deskOf = (tabs: StoredDesk['tabs'][number]['layout'][], detached: string[] = []): StoredDesk => ({
  tabs: tabs.map((layout) => {
    let first = layout;
    while (typeof first !== 'string') first = first.first;
    return { layout, focus: first };
  }),
  active: 0,
  detached,
});
const layouts = ({ tabs }: StoredDesk) => tabs.map(({ layout }) => layout);

/** What the server keeps, as it does (server/desk/desks.ts). */
class Kept {
  view: DeskView = { version: 0, desk: NO_DESK };
  isDown = false;
  saves = 0;
  async get(): Promise<DeskView> {
    if (this.isDown) throw new Error('no server');
    return structuredClone(this.view);
  }
  async save(version: number, desk: StoredDesk): Promise<SavedDesk> {
    if (this.isDown) throw new Error('no server');
    this.saves += 1;
    const isSaved = version === this.view.version;
    if (isSaved) this.view = { version: version + 1, desk: structuredClone(desk) };
    return { isSaved, ...structuredClone(this.view) };
  }
}

/** A browser: its storage is its own. */
class Browser {
  readonly stored = new Map<string, string>();
  readonly memory: DeskMemory;
  shown: StoredDesk = NO_DESK;
  constructor(server: Kept, stored?: Map<string, string>) {
    if (stored) this.stored = stored;
    this.memory = new DeskMemory({ key: 'u1:all', server, onMerged: (desk) => this.show(desk) });
  }
  use(): void {
    vi.stubGlobal('localStorage', {
      getItem: (key: string) => this.stored.get(key) ?? null,
      setItem: (key: string, value: string) => void this.stored.set(key, value),
    });
  }
  async open(): Promise<this> {
    this.use();
    this.shown = await this.memory.recall();
    return this;
  }
  show(desk: StoredDesk): void {
    this.use();
    this.shown = desk;
    this.memory.remember(desk);
  }
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it('is the same in another browser, and saved once for many changes', async () => {
  const server = new Kept();
  const one = await new Browser(server).open();
  for (const ratio of [0.2, 0.3, 0.4]) one.show(deskOf([{ ...beside('a', 'b'), ratio }, 'c']));
  await vi.advanceTimersByTimeAsync(1000);
  expect(server.saves).toBe(1);
  const other = await new Browser(server).open();
  expect(other.shown).toEqual(one.shown);
});

it('loses nothing of two browsers that save at once', async () => {
  const server = new Kept();
  const one = await new Browser(server).open();
  one.show(deskOf(['a', 'b', 'c']));
  await vi.advanceTimersByTimeAsync(1000);
  const other = await new Browser(server).open();
  one.show(deskOf([beside('a', 'd'), 'b', 'c']));
  other.show(deskOf(['a', 'c', 'e'], ['b']));
  await vi.advanceTimersByTimeAsync(5000);
  expect(new Set([...layouts(server.view.desk)])).toEqual(new Set(['a', 'c', 'e', 'd']));
  expect(server.view.desk.detached).toEqual(['b']);
  // Whoever came later has both, whoever was first hears of it when it saves next, or begins anew.
  expect(other.shown).toEqual(server.view.desk);
  one.show({ ...one.shown, active: 1 });
  await vi.advanceTimersByTimeAsync(5000);
  expect(new Set(layouts(one.shown))).toEqual(new Set(layouts(server.view.desk)));
  expect(one.shown.detached).toEqual(['b']);
});

it('goes on without the server, and brings what was changed meanwhile together with what others did', async () => {
  const server = new Kept();
  const one = await new Browser(server).open();
  one.show(deskOf(['a', 'b']));
  await vi.advanceTimersByTimeAsync(1000);
  server.isDown = true;
  one.show(deskOf(['a', 'b', 'c']));
  await vi.advanceTimersByTimeAsync(1000);
  one.memory.end();
  const again = await new Browser(server, one.stored).open();
  expect(layouts(again.shown)).toEqual(['a', 'b', 'c']);
  again.memory.end();
  server.isDown = false;
  server.view = { version: server.view.version + 1, desk: deskOf(['a', 'd']) };
  const back = await new Browser(server, one.stored).open();
  expect(layouts(back.shown)).toEqual(['a', 'c', 'd']);
  // And one that was there all the time tries again by itself.
  server.isDown = true;
  back.show(deskOf(['a', 'c', 'd', 'f']));
  await vi.advanceTimersByTimeAsync(1000);
  server.isDown = false;
  await vi.advanceTimersByTimeAsync(15_000);
  expect(layouts(server.view.desk)).toEqual(['a', 'c', 'd', 'f']);
});

it('is saved when the page is left, also when another browser was first', async () => {
  const server = new Kept();
  const one = await new Browser(server).open();
  const other = await new Browser(server).open();
  one.show(deskOf(['a']));
  other.show(deskOf(['b']));
  one.memory.end();
  other.use();
  other.memory.end();
  await vi.advanceTimersByTimeAsync(0);
  expect(new Set(layouts(server.view.desk))).toEqual(new Set(['a', 'b']));
});

it('begins empty where nothing can be read', async () => {
  for (const text of ['', '{', '[]', '{"base":{},"desk":{}}']) {
    const server = new Kept();
    server.isDown = true;
    const browser = await new Browser(server, new Map([['berth-desk:u1:all', text]])).open();
    expect(browser.shown).toEqual(NO_DESK);
  }
});

it('keeps in front what is, and arranges as who arranged', () => {
  const base = deskOf(['a', 'b', 'c']);
  const mine = { ...base, active: 2 };
  const theirs = deskOf([beside('b', 'a'), 'c']);
  const both = mergeDesks(base, mine, theirs);
  expect(layouts(both)).toEqual([beside('b', 'a'), 'c']);
  expect(both.active).toBe(1);
  expect(layouts(mergeDesks(base, deskOf(['c', 'b', 'a']), theirs))).toEqual(['c', 'b', 'a']);
  // Taken off here, and put there beside another meanwhile.
  expect(layouts(mergeDesks(base, deskOf(['a', 'c']), theirs))).toEqual(['a', 'c']);
});
