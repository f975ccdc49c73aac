import { WebglAddon } from '@xterm/addon-webgl';
import type { Terminal } from '@xterm/xterm';

/**
 * What draws a terminal: WebGL, several times faster, where the browser has it and it is wanted; xterm.js's own renderer where it is
 * missing, unwanted or taken away (browsers keep about 16 contexts and take the oldest).
 */
export class TerminalDrawing {
  #terminal: Terminal;
  #webgl: WebglAddon | null = null;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  get renderer(): 'webgl' | 'dom' {
    return this.#webgl === null ? 'dom' : 'webgl';
  }

  use(webgl: boolean): void {
    if (webgl === (this.#webgl !== null)) return;
    if (!webgl) {
      this.#drop();
      return;
    }
    const addon = new WebglAddon();
    try {
      addon.onContextLoss(() => this.#drop());
      this.#terminal.loadAddon(addon);
      this.#webgl = addon;
    } catch {
      addon.dispose();
    }
  }

  #drop(): void {
    this.#webgl?.dispose();
    this.#webgl = null;
  }
}
