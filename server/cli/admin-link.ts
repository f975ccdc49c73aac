import type { CommandSpec } from './command.ts';

export const adminLink: CommandSpec = {
  usage: '',
  about: 'It works once and for a short time; whoever opens it becomes an admin.',
  names: { min: 0, max: 0, what: '' },
  async run({ api, json, out }) {
    const link = await (await api()).mutate('admin', 'createLink');
    if (json) out.json(link);
    else {
      const minutes = Math.max(1, Math.round((Date.parse(String(link.expiresAt)) - Date.now()) / 60_000));
      out.line(String(link.url));
      out.note(`good for ${minutes} minutes, once`);
    }
    return 0;
  },
};
