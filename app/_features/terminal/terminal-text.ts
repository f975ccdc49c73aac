import type { IBuffer } from '@xterm/xterm';

/** All text, scrollback included, wrapped lines joined: what tests and assistive tools read. */
export function textOf(buffer: IBuffer): string {
  const lines: string[] = [];
  for (let index = 0; index < buffer.length; index++) {
    const line = buffer.getLine(index);
    if (!line) continue;
    const goesOn = buffer.getLine(index + 1)?.isWrapped ?? false;
    const text = line.translateToString(!goesOn);
    if (line.isWrapped && lines.length > 0) lines.push((lines.pop() ?? '') + text);
    else lines.push(text);
  }
  // A prompt's own blank stays; rows that nothing was written to do not.
  return lines.join('\n').replace(/\n+$/, '');
}
