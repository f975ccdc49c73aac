/** ms without a key, a press or a move after which nobody is said to sit there. */
export const IDLE_AFTER = 5 * 60_000;
/** Moves come by the hundred: they count once a second. */
const COUNT_EVERY = 1000;

const SIGNS = ['keydown', 'pointerdown', 'pointermove', 'wheel', 'paste'];

/** Call `tell` when somebody leaves the window or comes back to it: it is hidden, or nothing was typed or pointed at in it. Returns how to stop. */
export function watchIdle(
  page: EventTarget & Pick<Document, 'hidden'>,
  tell: (isIdle: boolean) => void,
  now: () => number = () => performance.now(),
): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let countedAt = now();
  let isIdle = false;
  const become = (idle: boolean) => {
    if (idle === isIdle) return;
    isIdle = idle;
    tell(idle);
  };
  const wait = () => {
    clearTimeout(timer);
    timer = setTimeout(() => become(true), IDLE_AFTER);
  };
  const active = () => {
    if (page.hidden || (!isIdle && now() - countedAt < COUNT_EVERY)) return;
    countedAt = now();
    become(false);
    wait();
  };
  const shown = () => {
    if (!page.hidden) return active();
    clearTimeout(timer);
    become(true);
  };
  const how = { capture: true, passive: true };
  for (const sign of SIGNS) page.addEventListener(sign, active, how);
  page.addEventListener('visibilitychange', shown);
  if (page.hidden) become(true);
  else wait();
  return () => {
    clearTimeout(timer);
    for (const sign of SIGNS) page.removeEventListener(sign, active, how);
    page.removeEventListener('visibilitychange', shown);
  };
}
