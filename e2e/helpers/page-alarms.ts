import type { BrowserContext, Page } from '@playwright/test';

/** What hostile text calls when it runs. */
export const ALARM = '__alarm';

/** What happened on the pages of a context that must not: `ran WORD`, `policy DIRECTIVE`, `dialog`, `request URL`. */
export interface Alarms {
  heard: string[];
  /** Those of now on. */
  forget(): void;
}

/**
 * Listen to all pages of a context, from their first byte on: scripts that ran, what the content security policy refused (a report
 * would name it), dialogs, and requests to anywhere but `home`.
 */
export async function listenForAlarms(context: BrowserContext, home: string): Promise<Alarms> {
  const heard: string[] = [];
  await context.exposeBinding(ALARM, (_source, what: unknown) => void heard.push(`ran ${String(what)}`));
  await context.exposeBinding(
    '__policy',
    (_source, what: unknown) => void heard.push(`policy ${String(what)}`),
  );
  await context.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      const { effectiveDirective, blockedURI, sourceFile, lineNumber } = event;
      const report: unknown = Reflect.get(window, '__policy');
      if (typeof report === 'function')
        report(`${effectiveDirective} ${blockedURI} ${sourceFile}:${lineNumber}`);
    });
  });
  const listen = (page: Page) => {
    page.on('dialog', (dialog) => {
      heard.push(`dialog ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on('request', (request) => {
      const url = request.url();
      if (!url.startsWith(`${home}/`) && !/^(?:data|blob|about):/.test(url)) heard.push(`request ${url}`);
    });
  };
  for (const page of context.pages()) listen(page);
  context.on('page', listen);
  return { heard, forget: () => void heard.splice(0) };
}
