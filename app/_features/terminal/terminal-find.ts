import { SearchAddon } from '@xterm/addon-search';
import type { Terminal } from '@xterm/xterm';

const DECORATIONS = {
  matchOverviewRuler: '#8a5300',
  activeMatchColorOverviewRuler: '#f0b754',
  matchBackground: '#f0b754',
  activeMatchBackground: '#8f8bf5',
};

/** Finds text in the scrollback, and shows where it is. */
export class TerminalFind {
  #terminal: Terminal;
  #addon = new SearchAddon();

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
    terminal.loadAddon(this.#addon);
  }

  /** Go to a match; false: there is none. */
  find(text: string, direction: 'next' | 'previous'): boolean {
    const options = { decorations: DECORATIONS };
    return direction === 'next'
      ? this.#addon.findNext(text, options)
      : this.#addon.findPrevious(text, options);
  }

  end(): void {
    this.#addon.clearDecorations();
    this.#terminal.clearSelection();
  }
}
