/** Activity is told at most so often, ms: a login that idles for less than this is not meant to last. */
export const TELL_EVERY = 30_000;

const SIGNS = ['keydown', 'pointerdown', 'paste'];

/** Call `tell` when somebody types, clicks or pastes, the first time at once; returns how to stop. */
export function watchActivity(
  target: EventTarget,
  tell: () => void,
  now: () => number = () => performance.now(),
): () => void {
  let toldAt = Number.NEGATIVE_INFINITY;
  const active = () => {
    if (now() - toldAt < TELL_EVERY) return;
    toldAt = now();
    tell();
  };
  const how = { capture: true, passive: true };
  for (const sign of SIGNS) target.addEventListener(sign, active, how);
  return () => {
    for (const sign of SIGNS) target.removeEventListener(sign, active, how);
  };
}
