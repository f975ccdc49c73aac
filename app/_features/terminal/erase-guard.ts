import type { Terminal } from '@xterm/xterm';

/** What xterm.js 6.0.0 keeps to itself; its version is pinned. */
interface Core {
  buffers: { active: { x: number; y: number; lines: { length: number } } };
  _inputHandler: { eraseInDisplay(params: { params: number[] }, respectProtect: boolean): boolean };
}

/**
 * Erase from the begin of the screen to its last cell as what it is, the whole screen: xterm.js 6.0.0 looks there for a row
 * below the last one, throws, and shows nothing more (ED 1 of ECMA-48, DECSED). As the server's screens do.
 */
export function guardErase(terminal: Terminal): void {
  const { _inputHandler: handler, buffers } = (terminal as unknown as { _core: Core })._core;
  for (const prefix of ['', '?']) {
    terminal.parser.registerCsiHandler({ prefix, final: 'J' }, ([what]) => {
      const { x, y, lines } = buffers.active;
      if (what !== 1 || x + 1 < terminal.cols || y + 1 < lines.length) return false;
      return handler.eraseInDisplay({ params: [2] }, prefix !== '');
    });
  }
}
