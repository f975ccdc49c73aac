/** The nonce of the page's own scripts; undefined where the page has none. */
function pageNonce(): string | undefined {
  return document.querySelector<HTMLScriptElement>('script[nonce]')?.nonce || undefined;
}

/** xterm.js writes true colours as `style` attributes where it draws without WebGL; as a property the policy allows the same. */
function setAttribute(this: HTMLElement, name: string, value: string): void {
  if (name === 'style') this.style.cssText = value;
  else Element.prototype.setAttribute.call(this, name, value);
}

/** Makes elements as the document does, `<style>` with the page's nonce, `<span>` whose style is set as the policy allows. */
function creatorWithNonce(nonce: string) {
  return (name: string): HTMLElement => {
    const element = Document.prototype.createElement.call(document, name);
    if (element instanceof HTMLStyleElement) element.nonce = nonce;
    else if (element instanceof HTMLSpanElement) element.setAttribute = setAttribute;
    return element;
  };
}

/**
 * The page's document, except that the `<style>` elements it makes carry the page's nonce: xterm.js writes its colours
 * into such elements, and the content security policy refuses those without.
 */
export function documentWithNonce(): Document {
  const nonce = pageNonce();
  if (!nonce) return document;
  const createElement = creatorWithNonce(nonce);
  return new Proxy(document, {
    get(target, property) {
      if (property === 'createElement') return createElement;
      const value: unknown = Reflect.get(target, property, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

/** Runs `build`, which makes `<style>` elements straight from the document (xterm's scroll bar does), so that they have it too. */
export function buildWithNonce(build: () => void): void {
  const nonce = pageNonce();
  if (!nonce) {
    build();
    return;
  }
  Object.defineProperty(document, 'createElement', { value: creatorWithNonce(nonce), configurable: true });
  try {
    build();
  } finally {
    Reflect.deleteProperty(document, 'createElement');
  }
}
