import { SerializeAddon } from '@xterm/addon-serialize';
import { Terminal } from '@xterm/xterm';
import { limitCells } from './cell-limit.ts';
import type { ScreenFrame } from './connection-state.ts';
import { guardErase } from './erase-guard.ts';
import { listenForPaste, pasteFromClipboard } from './paste-events.ts';
import { type PreparedPaste, preparePaste } from './paste-text.ts';
import { buildWithNonce, documentWithNonce } from './style-nonce.ts';
import { TerminalDrawing } from './terminal-drawing.ts';
import { TerminalFind } from './terminal-find.ts';
import { TerminalFit } from './terminal-fit.ts';
import { shortcutOf, type TerminalShortcut } from './terminal-keys.ts';
import { mayBeSent } from './terminal-reports.ts';
import type { TerminalSettings } from './terminal-settings.ts';
import { textOf } from './terminal-text.ts';
import { onThemeChange, paletteOf } from './terminal-themes.ts';
import { TerminalWriter } from './terminal-writer.ts';

const SCROLLBACK = 10_000;

export interface TerminalViewOptions {
  host: HTMLElement;
  label: string;
  settings: TerminalSettings;
  /** Keys, pasted text and the terminal's own reports. */
  onInput(data: string, how: InputKind): void;
  onResize(columns: number, rows: number): void;
  /** Something is to be pasted: hand it to `paste` when it is wanted. */
  onPaste(paste: PreparedPaste): void;
  /** A link of the guest's was clicked: http or https, and not yet opened. */
  onLink(uri: string): void;
  /** Copying and pasting are done here; the rest is the page's. */
  onShortcut(shortcut: Exclude<TerminalShortcut, 'copy' | 'paste'>): void;
}

/** What input is: `typed` are keys and reports as text, `binary` reports as bytes. */
export type InputKind = 'typed' | 'pasted' | 'binary';

/** One xterm.js in one element, with everything a guest could abuse switched off. Loaded in browsers only. */
export class TerminalView {
  #terminal: Terminal;
  #fit: TerminalFit;
  #drawing: TerminalDrawing;
  #writer: TerminalWriter;
  #search: TerminalFind;
  #serialize = new SerializeAddon();
  #options: TerminalViewOptions;
  #cleanUp: (() => void)[] = [];
  #settings: TerminalSettings;
  #isPasting = false;
  #hasPanes = false;

  constructor(options: TerminalViewOptions) {
    this.#options = options;
    this.#settings = options.settings;
    const { theme, contrast } = paletteOf(options.settings.theme);
    this.#terminal = new Terminal({
      documentOverride: documentWithNonce(),
      fontFamily: '"JetBrains Mono Variable", ui-monospace, monospace',
      fontSize: options.settings.fontSize,
      lineHeight: 1.2,
      scrollback: SCROLLBACK,
      cursorBlink: !matchMedia('(prefers-reduced-motion: reduce)').matches,
      minimumContrastRatio: contrast,
      screenReaderMode: options.settings.screenReader,
      allowProposedApi: true,
      macOptionIsMeta: true,
      theme,
      // An OSC 8 link hides where it leads: only web addresses, and asked about first. No window operation is allowed.
      linkHandler: { activate: (_event, uri) => this.#openLink(uri), allowNonHttpProtocols: false },
      windowOptions: {},
    });
    this.#fit = new TerminalFit(this.#terminal, options.host, options.settings.fontSize);
    this.#drawing = new TerminalDrawing(this.#terminal);
    this.#writer = new TerminalWriter(this.#terminal, (screen) => this.#fit.came(screen));
    this.#search = new TerminalFind(this.#terminal);
    this.#terminal.loadAddon(this.#serialize);
    this.#refuseClipboard();
    guardErase(this.#terminal);
    limitCells(this.#terminal);
    buildWithNonce(() => this.#terminal.open(options.host));
    this.#terminal.textarea?.setAttribute('aria-label', `${options.label}; Ctrl Shift Y leaves it`);
    this.#drawing.use(options.settings.webgl);
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
    return this.#fit.isVisible;
  }

  write(data: string | Uint8Array, shown?: () => void): void {
    this.#writer.write(data, shown);
  }

  /** A line of the console itself, told apart from the guest's by its colour and its own line. */
  note(text: string): void {
    this.#terminal.write(`\r\n\x1b[0m\x1b[7m ${text} \x1b[0m\r\n`);
  }

  /** Put a whole screen in place of what is shown. Who reads further up stays there, as far as it is still there. */
  showScreen(screen: ScreenFrame, shown: () => void): void {
    this.#writer.showScreen(screen, shown);
  }

  /** Take the size that somebody else's window gives, in letters as small as that needs; null: the size of the element. */
  follow(size: { columns: number; rows: number } | null): void {
    this.#fit.follow(size);
  }

  /** What makes an empty terminal of the same size look the same, a little of its scrollback included. */
  picture(): string {
    return this.#serialize.serialize({ scrollback: 1000 });
  }

  reset(): void {
    this.#terminal.reset();
  }

  focus(): void {
    this.#terminal.focus();
  }

  /** Paste, in the brackets of a bracketed paste where the program asked for them. */
  paste(text: string): void {
    this.#isPasting = true;
    try {
      this.#terminal.paste(preparePaste(text).text);
    } finally {
      this.#isPasting = false;
    }
  }

  /** Whether the program takes a paste as one: without, a shell runs each line but the last as it comes. */
  get takesPasteWhole(): boolean {
    return this.#terminal.modes.bracketedPasteMode;
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

  get renderer(): 'webgl' | 'dom' {
    return this.#drawing.renderer;
  }

  scrollToTop(): void {
    this.#terminal.scrollToTop();
  }

  scrollToBottom(): void {
    this.#terminal.scrollToBottom();
  }

  /** Other panes are beside it: arrows with Ctrl Shift go to them. */
  setHasPanes(hasPanes: boolean): void {
    this.#hasPanes = hasPanes;
  }

  use(settings: TerminalSettings): void {
    const before = this.#settings;
    this.#settings = settings;
    this.#recolour();
    this.#terminal.options.screenReaderMode = settings.screenReader;
    this.#drawing.use(settings.webgl);
    if (settings.fontSize !== before.fontSize) this.#fit.setFontSize(settings.fontSize);
  }

  #recolour(): void {
    const { theme, contrast } = paletteOf(this.#settings.theme);
    const { options } = this.#terminal;
    // Each of them draws everything anew.
    if (options.theme?.background !== theme.background || options.theme?.red !== theme.red)
      options.theme = theme;
    if (options.minimumContrastRatio !== contrast) options.minimumContrastRatio = contrast;
    // What is around the letters has their colour, too.
    this.#options.host.style.backgroundColor = theme.background ?? '';
  }

  /** Let keys through, or not: an ended or read-only terminal takes none. */
  setReadOnly(isReadOnly: boolean): void {
    this.#terminal.options.disableStdin = isReadOnly;
    this.#terminal.options.cursorInactiveStyle = isReadOnly ? 'none' : 'outline';
  }

  fitToHost(): void {
    this.#fit.adapt();
  }

  find(text: string, direction: 'next' | 'previous'): boolean {
    return this.#search.find(text, direction);
  }

  endSearch(): void {
    this.#search.end();
  }

  text(): string {
    return textOf(this.#terminal.buffer.active);
  }

  dispose(): void {
    for (const clean of this.#cleanUp) clean();
    this.#terminal.dispose();
  }

  #listen(): void {
    const terminal = this.#terminal;
    terminal.onData(
      (data) => mayBeSent(data) && this.#options.onInput(data, this.#isPasting ? 'pasted' : 'typed'),
    );
    terminal.onBinary((data) => this.#options.onInput(data, 'binary'));
    terminal.onResize(({ cols, rows }) => this.#options.onResize(cols, rows));
    terminal.attachCustomKeyEventHandler((event) => this.#handleKey(event));
    const observer = new ResizeObserver(() => this.fitToHost());
    observer.observe(this.#options.host);
    this.#cleanUp.push(
      () => observer.disconnect(),
      listenForPaste(this.#options.host, this.#options.onPaste),
      onThemeChange(() => this.#recolour()),
    );
    this.#recolour();
    void document.fonts.ready.then(() => this.fitToHost());
  }

  #handleKey(event: KeyboardEvent): boolean {
    const shortcut = shortcutOf(event, this.#hasPanes);
    if (shortcut === null) return true;
    event.preventDefault();
    if (shortcut === 'copy') this.copy();
    else if (shortcut === 'paste') void pasteFromClipboard(this.#options.onPaste);
    else this.#options.onShortcut(shortcut);
    return false;
  }

  /** Put what is selected into the clipboard; false: nothing is. */
  copy(): boolean {
    if (!this.selection) return false;
    void navigator.clipboard?.writeText(this.selection);
    return true;
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
}
