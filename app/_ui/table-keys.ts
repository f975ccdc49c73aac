/** Where the focus goes from a row at a key (ARIA grid pattern), or null when the key moves nothing. */
export function moveFocus(key: string, index: number, size: { last: number; page: number }): number | null {
  const clamp = (to: number) => Math.min(size.last, Math.max(0, to));
  const moves: Record<string, number> = {
    ArrowDown: index + 1,
    ArrowUp: index - 1,
    j: index + 1,
    k: index - 1,
    PageDown: index + size.page,
    PageUp: index - size.page,
    Home: 0,
    End: size.last,
  };
  const to = Object.hasOwn(moves, key) ? moves[key] : undefined;
  return to === undefined ? null : clamp(to);
}
