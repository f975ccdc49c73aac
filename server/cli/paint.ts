export type Colour = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'blue' | 'cyan';
const CODES: Readonly<Record<Colour, [number, number]>> = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  blue: [34, 39],
  cyan: [36, 39],
};

export type Paint = (colour: Colour, text: string) => string;

/** Colours on a terminal that wants them (no-color.org), plain text otherwise. */
export function paintFor(options: { isTty: boolean; noColor: boolean; dumb: boolean }): Paint {
  if (!options.isTty || options.noColor || options.dumb) return (_colour, text) => text;
  return (colour, text) => {
    const [on, off] = CODES[colour];
    return `\u001b[${on}m${text}\u001b[${off}m`;
  };
}

/** Colour of a guest's, an image's or an operation's state. */
export function stateColour(state: string): Colour {
  if (state === 'running' || state === 'ready' || state === 'done') return 'green';
  if (state === 'failed') return 'red';
  if (state === 'frozen') return 'cyan';
  if (state === 'stopped' || state === 'absent' || state === 'cancelled') return 'dim';
  return 'yellow';
}
