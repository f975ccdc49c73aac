import { createHmac } from 'node:crypto';
import type { StoredNotice } from './services.ts';

const PATIENCE_MS = 10_000;

/** What a webhook gets, as JSON. `text` is what chat services show. */
export function webhookBody(channel: string, notices: readonly StoredNotice[]): string {
  return JSON.stringify({
    text: notices.map(({ text }) => text).join('\n'),
    channel,
    notices: notices.map(({ id, at, kind, guestId, guest, project, text }) => ({
      ...{ id: `${id}`, at: at.toISOString(), kind, guest: guestId && { id: guestId, name: guest } },
      ...{ project, text },
    })),
  });
}

/**
 * POST them together. Signed with a secret: `Berth-Signature: sha256=HEX`, the HMAC of the body. No redirect is followed, and nothing of an
 * answer but its status is looked at or told: an address may be anybody's. Throws with why it was not taken.
 */
export async function sendWebhook(
  channel: { name: string; url: string; secret: string | null },
  notices: readonly StoredNotice[],
): Promise<void> {
  const { name, url, secret } = channel;
  const body = webhookBody(name, notices);
  const headers = new Headers({ 'content-type': 'application/json', 'user-agent': 'Berth' });
  if (secret !== null) {
    const digest = createHmac('sha256', secret).update(body).digest('hex');
    headers.set('berth-signature', `sha256=${digest}`);
  }
  let answer: Response;
  try {
    answer = await fetch(url, {
      method: 'POST',
      headers,
      body,
      redirect: 'manual',
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
  } catch (error) {
    throw new Error(`${new URL(url).host} cannot be reached: ${reasonOf(error)}`, { cause: error });
  }
  await answer.body?.cancel();
  if (!answer.ok) throw new Error(`${new URL(url).host} answered with status ${answer.status}`);
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return `no answer within ${PATIENCE_MS / 1000} s`;
  const { cause } = error;
  return cause instanceof Error && cause.message !== '' ? cause.message : error.message;
}
