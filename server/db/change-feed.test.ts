import { expect, test, vi } from 'vitest';
import { type Change, ChangeFeed, serverName } from './change-feed.ts';

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
const settled = () => new Promise((resolve) => setImmediate(resolve));

/** A feed whose listener waits until it is let on. */
function slowFeed() {
  const feed = new ChangeFeed('one', quiet);
  const heard: (Change | 'everything')[] = [];
  let letOn = () => undefined as unknown;
  const stop = feed.follow(
    (change) =>
      new Promise((resolve) => {
        heard.push(change);
        letOn = () => resolve();
      }),
  );
  const next = async () => {
    letOn();
    await settled();
  };
  return { feed, heard, next, stop };
}

test('who begins hears of everything, then of each change in order, with whose it is', async () => {
  const { feed, heard, next } = slowFeed();
  expect(heard).toEqual(['everything']);
  feed.take(`${serverName('two')}|guest|g1`);
  feed.take(`${serverName('one')}|people`);
  feed.take('psql|project|shop');
  for (let at = 0; at < 3; at++) await next();
  expect(heard.slice(1)).toEqual([
    { noun: 'guest', key: 'g1', isOwn: false },
    { noun: 'people', key: null, isOwn: true },
    { noun: 'project', key: 'shop', isOwn: false },
  ]);
});

test('the same change waits once; one that comes while it is being read is read again', async () => {
  const { feed, heard, next } = slowFeed();
  for (let at = 0; at < 5; at++) feed.take('x|guest|g1');
  await next();
  expect(heard).toHaveLength(2);
  feed.take('x|guest|g1');
  await next();
  await next();
  expect(heard).toHaveLength(3);
});

test('a lost connection makes one change of all that waits; one that cannot be read holds up no other', async () => {
  const { feed, heard, next } = slowFeed();
  feed.take('x|guest|g1');
  feed.take('x|guest|g2');
  feed.gap();
  await next();
  await next();
  expect(heard).toEqual(['everything', 'everything']);

  const failing = new ChangeFeed('one', quiet);
  const seen: string[] = [];
  const stop = failing.follow(async (change) => {
    seen.push(change === 'everything' ? change : (change.key ?? ''));
    if (change !== 'everything' && change.key === 'g1') throw new Error('the database is away');
  });
  failing.take('x|guest|g1');
  failing.take('x|guest|g2');
  await settled();
  expect(seen).toEqual(['everything', 'g1', 'g2']);
  // What it was is not known any more: a little later everything is read.
  await vi.waitFor(() => expect(seen).toEqual(['everything', 'g1', 'g2', 'everything']), 5000);
  await stop();
  failing.take('x|guest|g3');
  await settled();
  expect(seen).toHaveLength(4);
});
