import type { Page } from '@playwright/test';

export interface Answer {
  status: number;
  body: string;
}

/** Call a procedure from the page as the page's own code does. */
export function apiCall(page: Page, procedure: string, input: unknown): Promise<Answer> {
  return page.evaluate(
    async ([path, text]) => {
      const headers = { 'content-type': 'application/json', 'x-berth': '1' };
      const answer = await fetch(`/api/trpc/${path}`, { method: 'POST', headers, body: text });
      return { status: answer.status, body: await answer.text() };
    },
    [procedure, JSON.stringify(input)] as const,
  );
}
