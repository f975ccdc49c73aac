import { FitAddon } from '@xterm/addon-fit';
import { SearchAddon } from '@xterm/addon-search';
import { WebglAddon } from '@xterm/addon-webgl';
import { Terminal } from '@xterm/xterm';
import { CONFIRM_LINES, cleanPaste, countLines } from './paste-text.ts';
import { buildWithNonce, documentWithNonce } from './style-nonce.ts';
import { mayBeSent } from './terminal-reports.ts';
import { currentTheme, onThemeChange } from './terminal-theme.ts';

const SCROLLBACK = 10_000;
/** Letters of somebody else's window are never smaller, px: it is scrolled then. */
const SMALLEST = 6;
const SHORTCUTS = ['c', 'v', 'f', 'y'];

export interface TerminalViewOptions {
  host: HTMLElement;
  label: string;
  fontSize: number;
  /** Keys, pasted text and the terminal's own reports. */
  onInput(data: string, binary: boolean): void;
  onResize(columns: number, rows: number): void;
  /** A paste of many lines: show it, and hand it to `paste` when it is wanted. */
  onLongPaste(text: string, lines: number): void;
  /** A link of the guest's was clicked: http or https, and not yet opened. */
  onLink(uri: string): void;
  onShortcut(shortcut: 'search' | 'leave'): void;
}

/** One xterm.js in one element, with everything a guest could abuse switched off. Loaded in browsers only. */
export class TerminalView {
  #terminal: Terminal;
  #measure = new FitAddon();
  #search = new SearchAddon();
  #options: TerminalViewOptions;
  #cleanUp: (() => void)[] = [];
  #fontSize: number;
  /** What has to wait for the screen that is about to be shown; null: none is. */
  #waiting: (() => void)[] | null = null;
  /** The size that somebody else's window gives; null: ours does. */
  #followed: { columns: number; rows: number } | null = null;

  constructor(options: TerminalViewOptions) {
    this.#options = options;
    this.#fontSize = options.fontSize;
    this.#terminal = new Terminal({
      documentOverride: documentWithNonce(),
      fontFamily: '"JetBrains Mono Variable", ui-monospace, monospace',
      fontSize: options.fontSize,
      lineHeight: 1.2,
      scrollback: SCROLLBACK,
      cursorBlink: !matchMedia('(prefers-reduced-motion: reduce)').matches,
      minimumContrastRatio: 4.5,
      allowProposedApi: true,
      macOptionIsMeta: true,
      theme: currentTheme(),
      // An OSC 8 link hides where it leads: only web addresses, and asked about first. No window operation is allowed.
      linkHandler: { activate: (_event, uri) => this.#openLink(uri), allowNonHttpProtocols: false },
      windowOptions: {},
    });
    this.#terminal.loadAddon(this.#measure);
    this.#terminal.loadAddon(this.#search);
    this.#refuseClipboard();
    buildWithNonce(() => this.#terminal.open(options.host));
    this.#terminal.textarea?.setAttribute('aria-label', `${options.label}; Ctrl Shift Y leaves it`);
    this.#drawFast();
    this.#listen();
    this.fitToHost();
  }

  get columns(): number {
    return this.#terminal.cols;
  }

  get rows(): number {
    return this.#terminal.rows;
  }

  /** Hidden terminals have no size worth telling anybody. */
  get isVisible(): boolean {
    return this.#options.host.clientWidth > 0;
  }

  write(data: string | Uint8Array, shown?: () => void): void {
    if (this.#waiting) this.#waiting.push(() => this.#terminal.write(data, shown));
    else this.#terminal.write(data, shown);
  }

  /** A line of the console itself, told apart from the guest's by its colour and its own line. */
  note(text: string): void {
    this.#terminal.write(`\r\n\x1b[0m\x1b[7m ${text} \x1b[0m\r\n`);
  }

  /** Put a whole screen in place of what is shown. Who reads further up stays there, as far as it is still there. */
  showScreen(screen: { columns: number; rows: number; bytes: Uint8Array }, shown: () => void): void {
    if (this.#waiting) {
      this.#waiting.push(() => this.showScreen(screen, shown));
      return;
    }
    const terminal = this.#terminal;
    this.#waiting = [];
    // What was written before belongs to the size of before, and what comes after to the screen.
    terminal.write('', () => {
      const { baseY, viewportY } = terminal.buffer.active;
      const up = baseY - viewportY;
      const { cols, rows } = terminal;
      if (cols !== screen.columns || rows !== screen.rows) terminal.resize(screen.columns, screen.rows);
      terminal.write(screen.bytes, () => {
        if (up > 0) terminal.scrollLines(-up);
        if (this.#followed) this.#followed = { columns: screen.columns, rows: screen.rows };
        this.fitToHost();
        shown();
      });
      this.#goOn();
    });
  }

  #goOn(): void {
    const jobs = this.#waiting ?? [];
    this.#waiting = null;
    for (const [index, job] of jobs.entries()) {
      // Another screen: the rest waits for that.
      if (this.#waiting !== null) {
        this.#waiting = jobs.slice(index);
        return;
      }
      job();
    }
  }

  /** Take the size that somebody else's window gives, in letters as small as that needs; null: the size of the element. */
  follow(size: { columns: number; rows: number } | null): void {
    this.#followed = size;
    this.#options.host.style.overflow = size === null ? '' : 'auto';
    if (size === null) this.#terminal.options.fontSize = this.#fontSize;
    this.fitToHost();
  }

  reset(): void {
    this.#terminal.reset();
  }

  focus(): void {
    this.#terminal.focus();
  }

  paste(text: string): void {
    this.#terminal.paste(cleanPaste(text));
  }

  /** As if the user had pressed it: for the helper keys of small screens. */
  press(data: string): void {
    this.#terminal.input(data, true);
  }

  /** Whether cursor keys are in application mode, as vi and less ask for. */
  get applicationCursor(): boolean {
    return this.#terminal.modes.applicationCursorKeysMode;
  }

  get selection(): string {
    return this.#terminal.getSelection();
  }

  setFontSize(size: number): void {
    this.#fontSize = size;
    this.#terminal.options.fontSize = size;
    this.fitToHost();
  }

  /** Let keys through, or not: an ended or read-only terminal takes none. */
  setReadOnly(isReadOnly: boolean): void {
    this.#terminal.options.disableStdin = isReadOnly;
    this.#terminal.options.cursorInactiveStyle = isReadOnly ? 'none' : 'outline';
  }

  /** Take the size of the element; nothing happens while it is hidden. */
  fitToHost(): void {
    const { clientWidth, clientHeight } = this.#options.host;
    if (this.#followed) {
      this.#shrinkTo(this.#followed);
      return;
    }
    const size = clientWidth > 0 && clientHeight > 0 ? this.#measure.proposeDimensions() : undefined;
    if (!size || Number.isNaN(size.cols) || Number.isNaN(size.rows)) return;
    this.#terminal.resize(Math.min(Math.max(size.cols, 2), 1000), Math.min(Math.max(size.rows, 1), 1000));
  }

  #shrinkTo({ columns, rows }: { columns: number; rows: number }): void {
    const terminal = this.#terminal;
    if (terminal.cols !== columns || terminal.rows !== rows) terminal.resize(columns, rows);
    if (!this.isVisible) return;
    terminal.options.fontSize = this.#fontSize;
    const room = this.#measure.proposeDimensions();
    if (!room || Number.isNaN(room.cols) || Number.isNaN(room.rows)) return;
    const scale = Math.min(1, room.cols / columns, room.rows / rows);
    terminal.options.fontSize = Math.max(SMALLEST, Math.floor(this.#fontSize * scale));
  }

  find(text: string, direction: 'next' | 'previous', incremental = false): boolean {
    const decorations = {
      matchOverviewRuler: '#8a5300',
      activeMatchColorOverviewRuler: '#f0b754',
      matchBackground: '#f0b754',
      activeMatchBackground: '#8f8bf5',
    };
    if (direction === 'next') return this.#search.findNext(text, { incremental, decorations });
    return this.#search.findPrevious(text, { decorations });
  }

  endSearch(): void {
    this.#search.clearDecorations();
    this.#terminal.clearSelection();
  }

  /** All text, scrollback included, wrapped lines joined: what tests and assistive tools read. */
  text(): string {
    const buffer = this.#terminal.buffer.active;
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

  dispose(): void {
    for (const clean of this.#cleanUp) clean();
    this.#terminal.dispose();
  }

  #listen(): void {
    const terminal = this.#terminal;
    terminal.onData((data) => mayBeSent(data) && this.#options.onInput(data, false));
    terminal.onBinary((data) => this.#options.onInput(data, true));
    terminal.onResize(({ cols, rows }) => this.#options.onResize(cols, rows));
    terminal.attachCustomKeyEventHandler((event) => this.#handleKey(event));
    const observer = new ResizeObserver(() => this.fitToHost());
    observer.observe(this.#options.host);
    const pasted = (event: ClipboardEvent) => this.#handlePaste(event);
    this.#options.host.addEventListener('paste', pasted, { capture: true });
    this.#cleanUp.push(
      () => observer.disconnect(),
      () => this.#options.host.removeEventListener('paste', pasted, { capture: true }),
      onThemeChange(() => {
        terminal.options.theme = currentTheme();
      }),
    );
    void document.fonts.ready.then(() => this.fitToHost());
  }

  /** Ctrl-Shift-C copies, -V pastes, -F searches and -Y leaves, since Tab cannot; everything else belongs to the guest. */
  #handleKey(event: KeyboardEvent): boolean {
    if (!event.ctrlKey || !event.shiftKey || event.altKey || event.type !== 'keydown') return true;
    const key = event.key.toLowerCase();
    if (!SHORTCUTS.includes(key)) return true;
    event.preventDefault();
    if (key === 'c' && this.selection) void navigator.clipboard?.writeText(this.selection);
    if (key === 'v') void this.pasteFromClipboard();
    if (key === 'f') this.#options.onShortcut('search');
    if (key === 'y') this.#options.onShortcut('leave');
    return false;
  }

  async pasteFromClipboard(): Promise<void> {
    const text = await navigator.clipboard?.readText().catch(() => '');
    if (text) this.#offerPaste(text);
  }

  #handlePaste(event: ClipboardEvent): void {
    event.preventDefault();
    event.stopPropagation();
    const text = event.clipboardData?.getData('text/plain');
    if (text) this.#offerPaste(text);
  }

  #offerPaste(text: string): void {
    const clean = cleanPaste(text);
    const lines = countLines(clean);
    if (lines >= CONFIRM_LINES) this.#options.onLongPaste(clean, lines);
    else this.#terminal.paste(clean);
  }

  #openLink(uri: string): void {
    if (!URL.canParse(uri)) return;
    const url = new URL(uri);
    if (url.protocol === 'http:' || url.protocol === 'https:') this.#options.onLink(url.href);
  }

  /** OSC 52 would let a guest write to the clipboard of whoever looks at it. */
  #refuseClipboard(): void {
    const handler = this.#terminal.parser.registerOscHandler(52, () => true);
    this.#cleanUp.push(() => handler.dispose());
  }

  /** WebGL draws several times faster; where it is missing or taken away the DOM renderer goes on. */
  #drawFast(): void {
    try {
      const webgl = new WebglAddon();
      webgl.onContextLoss(() => webgl.dispose());
      this.#terminal.loadAddon(webgl);
    } catch {
      // xterm.js keeps its DOM renderer.
    }
  }
}
