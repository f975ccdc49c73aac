import type { Terminal } from '@xterm/xterm';
import { boundCells } from '../../../server/console/cell-limit-schema.ts';

/** Bound what one cell of a terminal holds, as the server's screens do (cell-limit-schema.ts). */
export function limitCells(terminal: Terminal): void {
  const { _core: core } = terminal as unknown as {
    _core: { buffers: { normal: { lines: { get(row: number): object | undefined } } } };
  };
  boundCells(core.buffers.normal.lines.get(0));
}
