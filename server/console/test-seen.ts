import { Screen } from './screen.ts';

/** No scrollback. */
const SEEN = { lines: 0, most: 1024 * 1024 };

/** What a page sees that is told an image: no scrollback. */
export function seen(screen: { image: Screen['image'] }): string {
  const image = screen.image(SEEN);
  const page = new Screen(image);
  page.write(image.bytes);
  const text = Buffer.from(page.image(SEEN).bytes).toString();
  page.dispose();
  return text;
}
