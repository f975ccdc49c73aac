import { AppError } from '../errors/app-error.ts';
import { findChannel } from './channels.ts';
import { type Send, send } from './deliver-notices.ts';
import type { NoticeServices } from './services.ts';

/** Send a channel a notice that says that it is a trial. Throws `not_found`, and `unavailable` with why it was not taken. */
export async function tryChannel(
  { db }: Pick<NoticeServices, 'db'>,
  { channel: ref }: { channel: string },
  how: Send = send,
): Promise<{ channel: string }> {
  const channel = await findChannel(db, ref);
  const text = `This is a trial of the channel ${channel.name}: it works.`;
  const notice = { id: 0n, at: new Date(), kind: 'trial', guestId: null, guest: null, project: null, text };
  try {
    await how(channel, [notice]);
  } catch (error) {
    throw new AppError('unavailable', error instanceof Error ? error.message : String(error), {
      field: ['channel'],
    });
  }
  return { channel: channel.name };
}
