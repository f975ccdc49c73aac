import { expect, it, vi } from 'vitest';
import { TELL_EVERY, watchActivity } from './watch-activity.ts';

it('tells of what a person does, at once and then now and then', () => {
  const page = new EventTarget();
  const tell = vi.fn();
  let now = 0;
  const stop = watchActivity(page, tell, () => now);
  expect(tell).not.toHaveBeenCalled();
  for (const type of ['mousemove', 'message', 'focus']) page.dispatchEvent(new Event(type));
  expect(tell).not.toHaveBeenCalled();
  page.dispatchEvent(new Event('keydown'));
  expect(tell).toHaveBeenCalledTimes(1);
  now = TELL_EVERY - 1;
  page.dispatchEvent(new Event('keydown'));
  expect(tell).toHaveBeenCalledTimes(1);
  now = TELL_EVERY;
  page.dispatchEvent(new Event('pointerdown'));
  page.dispatchEvent(new Event('paste'));
  expect(tell).toHaveBeenCalledTimes(2);
  stop();
  now = 10 * TELL_EVERY;
  page.dispatchEvent(new Event('keydown'));
  expect(tell).toHaveBeenCalledTimes(2);
});
