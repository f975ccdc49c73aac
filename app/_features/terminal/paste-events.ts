import { type PreparedPaste, preparePaste } from './paste-text.ts';

/** Takes every paste into `host` before xterm.js does, and offers it prepared; returns how to stop. */
export function listenForPaste(host: HTMLElement, offer: (paste: PreparedPaste) => void): () => void {
  const pasted = (event: ClipboardEvent) => {
    event.preventDefault();
    event.stopPropagation();
    const text = event.clipboardData?.getData('text/plain');
    if (text) offer(preparePaste(text));
  };
  host.addEventListener('paste', pasted, { capture: true });
  return () => host.removeEventListener('paste', pasted, { capture: true });
}

/** Offers what is in the clipboard; nothing where the browser does not let the page read it. */
export async function pasteFromClipboard(offer: (paste: PreparedPaste) => void): Promise<void> {
  const text = await navigator.clipboard?.readText().catch(() => '');
  if (text) offer(preparePaste(text));
}
