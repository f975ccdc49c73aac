import { allowed, router } from '../trpc.ts';
import { changeChannel, createChannel, deleteChannel, listChannels } from './channels.ts';
import { listNotices, markSeen } from './list-notices.ts';
import { changeChannelInput, channelRef, createChannelInput, listNoticesInput, seenInput } from './schema.ts';
import type { NoticeServices } from './services.ts';
import { tryChannel } from './try-channel.ts';

/** The server itself reaches out to the address of a channel: that is for who has the whole host. */
const manage = allowed('notice.manage', 'everything');
const viewer = allowed('guest.view', 'any');

/** `notice.*`: what people are told, in the page and by channels. */
export function noticeRouter(services: NoticeServices) {
  return router({
    list: viewer.input(listNoticesInput).query(({ ctx, input }) => listNotices(services, ctx, input)),
    seen: viewer.input(seenInput).mutation(({ ctx, input }) => markSeen(services, ctx.actor, input)),
    channels: manage.query(() => listChannels(services)),
    createChannel: manage
      .input(createChannelInput)
      .mutation(({ ctx, input }) => createChannel(services, ctx.actor, input)),
    changeChannel: manage.input(changeChannelInput).mutation(({ input }) => changeChannel(services, input)),
    deleteChannel: manage.input(channelRef).mutation(({ input }) => deleteChannel(services, input)),
    tryChannel: manage.input(channelRef).mutation(({ input }) => tryChannel(services, input)),
  });
}
