import { cx, type Tone } from '../../_ui/index.ts';
import { EDGE, type TileColour } from './guest-tile.tsx';

/** Colour, word, and from when on. */
const MEANING: Record<TileColour, readonly (readonly [Tone, string, string?])[]> = {
  state: [
    ['ok', 'running'],
    ['cold', 'frozen'],
    ['wait', 'on its way, or waits'],
    ['bad', 'failed'],
    ['idle', 'stopped'],
  ],
  pressure: [
    ['ok', 'low'],
    ['wait', 'some', 'from 70 % of a limit, or 5 % of the time held back'],
    ['bad', 'high', 'from 90 %, or 25 % of the time'],
    ['idle', 'does not run'],
  ],
};

/** What the colours of the tiles mean. */
export function ColourLegend({ colour }: { colour: TileColour }) {
  return (
    <ul
      aria-label={`Colours: ${colour}`}
      className="flex shrink-0 flex-wrap gap-x-4 gap-y-1 px-4 pb-2 text-muted text-xs sm:px-6"
    >
      {MEANING[colour].map(([tone, word, from]) => (
        <li key={tone} className="flex items-center gap-1.5">
          <span aria-hidden="true" className={cx('h-3 w-1 rounded-sm', EDGE[tone])} />
          <span>
            {word}
            {from && <span className="max-sm:sr-only">{`: ${from}`}</span>}
          </span>
        </li>
      ))}
    </ul>
  );
}
