/** As many calls at once as a browser keeps connections open to one host over HTTP/1.1. */
const AT_ONCE = 6;

/** Do something for each item, a few at a time, in order of start. `work` must not throw. */
export async function mapPool<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const rest = items.values();
  const lane = async () => {
    for (const item of rest) await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, items.length) }, lane));
}
