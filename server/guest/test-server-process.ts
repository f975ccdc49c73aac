import { createGuest } from './create-guest.ts';
import { realServer } from './test-host.ts';

/** A server of its own process, to be killed: makes a guest, says so, and waits for its end. */
const [url = '', folder = ''] = process.argv.slice(2);
const { services } = await realServer({ url, folder });
const { guest } = await createGuest(
  services,
  { kind: 'root' },
  { name: 'survivor', start: true, wait: true },
);
process.stdout.write(`${JSON.stringify(guest)}\n`);
setInterval(() => undefined, 60_000);
