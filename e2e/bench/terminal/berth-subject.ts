import type { Page } from '@playwright/test';
import type { BerthInstance } from '../../helpers/berth-instance.ts';
import type { ApiClient } from '../api-client.ts';
import { timed } from '../measure.ts';
import { forgetTerminal, untilPrompt } from './page-probe.ts';
import { pidsOf, type Subject } from './subject.ts';

const GUEST = 'terminals';
/** A guest of their own: a page of a guest shows all shells of it, and would draw the floods, too. */
const FLOODED = 'floods';
const FILE = '/root/big';

interface Status {
  processes: Record<string, { pid: number } | null>;
}

/** Berth's terminal page on a guest of its own, for pages that are signed in. */
export async function startBerthSubject(berth: BerthInstance, api: ApiClient): Promise<Subject> {
  await api.mutate('guest.create', { name: GUEST, image: 'berth/mini', start: true, wait: true });
  await api.mutate('guest.create', { name: FLOODED, image: 'berth/mini', start: true, wait: true });
  const { processes } = await berth.berthJson<Status>(['status']);
  const [server, web] = [processes.server?.pid, processes.web?.pid];
  if (!server || !web) throw new Error('status names no server or no web process');
  return {
    name: 'Berth',
    open: async (page) => {
      // those of the pages before would come back with their tabs
      const before = await api.query<{ id: string }[]>('console.sessions', { guest: GUEST });
      for (const { id } of before) await api.mutate('console.close', { session: id });
      await page.goto(`${berth.url}/guests/${GUEST}/terminal`);
      await untilPrompt(page);
      const added = page.getByRole('button', { name: 'New shell', exact: true });
      await forgetTerminal(page);
      return timed(async () => {
        await added.click();
        await untilPrompt(page);
      });
    },
    flood: async (count) => {
      const sessions: string[] = [];
      for (let at = 0; at < count; at++) {
        const opened = await api.mutate<{ session: string }>('console.openShell', {
          guest: FLOODED,
          command: ['yes'],
        });
        sessions.push(opened.session);
      }
      return async () => {
        for (const session of sessions) await api.mutate('console.close', { session });
      };
    },
    makeFile: async (bytes) => {
      const line = '0123456789abcdef'.repeat(4).slice(0, 63);
      const made = await berth.berth(
        ['guest', 'exec', GUEST, '--', '/bin/sh', '-c', `yes ${line} | head -c ${bytes} >${FILE}`],
        { timeoutMs: 300_000 },
      );
      if (made.status !== 0) throw new Error(`the file cannot be made: ${made.stderr}`);
      return FILE;
    },
    // a session's holder is a part of the way of its bytes
    pids: () => [server, web, ...pidsOf('enter', 'session', berth.dataDir)],
    [Symbol.asyncDispose]: async () => {
      for (const guest of [FLOODED, GUEST])
        await api.mutate('guest.delete', { guest, force: true, wait: true });
    },
  };
}

/** Columns and rows of a page's terminal. */
export function sizeOf(page: Page): Promise<{ columns: number; rows: number }> {
  return page.evaluate(() => {
    const [first] = [...(window.__berthTerminals?.values() ?? [])];
    return { columns: first?.columns ?? 80, rows: first?.rows ?? 24 };
  });
}
