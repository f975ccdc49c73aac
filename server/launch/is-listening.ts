import { connect } from 'node:net';
import type { Settings } from './settings.ts';

/** Whether something accepts connections where the console should. */
export function isListening(settings: Settings): Promise<boolean> {
  const host =
    settings.address === '0.0.0.0' ? '127.0.0.1' : settings.address === '::' ? '::1' : settings.address;
  return new Promise((resolve) => {
    const socket = connect({ host, port: settings.port });
    const answer = (yes: boolean) => {
      socket.destroy();
      resolve(yes);
    };
    socket.once('connect', () => answer(true));
    socket.once('error', () => answer(false));
    socket.setTimeout(2_000, () => answer(false));
  });
}
