/**
 * The page's document, except that the `<style>` elements it makes carry the page's nonce: xterm.js writes its colours
 * into such elements, and the content security policy refuses those without.
 */
export function documentWithNonce(real: Document): Document {
  const nonce = real.querySelector<HTMLScriptElement>('script[nonce]')?.nonce;
  if (!nonce) return real;
  return new Proxy(real, {
    get(target, property) {
      const value: unknown = Reflect.get(target, property, target);
      if (typeof value !== 'function') return value;
      if (property !== 'createElement') return value.bind(target);
      return (name: string) => {
        const element = target.createElement(name);
        if (element instanceof HTMLStyleElement) element.nonce = nonce;
        return element;
      };
    },
  });
}
