import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import net from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { EMULATED } from '../supervisor/test-machine.ts';
import { deleteLink, listLinks, readLinkRates, setLinkRates, shaperOf } from './network.ts';

const MiB = 1024 * 1024;
const SPACE = `berth-t${process.pid}`;
const LINK = `bt${process.pid}`;
const HOST = '10.254.88.1';
/** All below is in these: without a limit an emulated machine brings 2 to 4 MiB a second through, others hundreds. */
const UNIT = EMULATED ? MiB / 4 : MiB;
/** Bytes per second that come through without a limit at least: more than with the highest one below. */
const FREE = 4 * UNIT;
const NONE = { receive: null, transmit: null };

const ip = (...words: string[]) => execFileSync('ip', words, { encoding: 'utf8' });
const names = async () => (await listLinks()).map(({ name }) => name);

beforeEach(() => {
  ip('netns', 'add', SPACE);
  ip('link', 'add', LINK, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', SPACE);
  ip('address', 'add', `${HOST}/24`, 'dev', LINK);
  ip('link', 'set', LINK, 'up');
  ip('-n', SPACE, 'address', 'add', '10.254.88.2/24', 'dev', 'eth0');
  ip('-n', SPACE, 'link', 'set', 'eth0', 'up');
});
afterEach(async () => {
  await deleteLink(LINK);
  await deleteLink(shaperOf(LINK));
  ip('netns', 'delete', SPACE);
});

/** Bytes per second of one TCP connection between the host and the namespace, from the first byte on. */
async function measure(direction: 'receive' | 'transmit', bytes: number): Promise<number> {
  const server = net.createServer().listen(0, HOST);
  await once(server, 'listening');
  const address = server.address();
  const port = address && typeof address === 'object' ? address.port : 0;
  // What it sends ends with the connection; what it gets goes nowhere.
  const script =
    direction === 'transmit'
      ? `exec cat /dev/zero | nc ${HOST} ${port}`
      : `tail -f /dev/null | nc ${HOST} ${port} | head -c ${bytes} | wc -c`;
  const client = spawn('ip', ['netns', 'exec', SPACE, 'busybox', 'sh', '-c', script], { detached: true });
  try {
    const [socket] = (await once(server, 'connection')) as [net.Socket];
    socket.on('error', () => undefined);
    const from = performance.now();
    if (direction === 'transmit') {
      let got = 0;
      for await (const chunk of socket) {
        got += (chunk as Buffer).length;
        if (got >= bytes) break;
      }
    } else {
      const block = Buffer.alloc(65_536);
      const push = () => {
        while (!socket.destroyed && socket.write(block));
      };
      socket.on('drain', push);
      push();
      await once(client.stdout, 'data'); // wc(1) has counted them
    }
    return bytes / ((performance.now() - from) / 1000);
  } finally {
    if (client.pid) process.kill(-client.pid, 'SIGKILL');
    server.close();
    await once(client, 'exit').catch(() => undefined);
  }
}

/** Measured again where others on the machine came in between. */
async function within(direction: 'receive' | 'transmit', bytes: number, least: number, most: number) {
  let rate = 0;
  for (let round = 0; round < 4; round++) {
    rate = await measure(direction, bytes);
    if (rate >= least && rate <= most) break;
  }
  expect(rate, direction).toBeGreaterThanOrEqual(least);
  expect(rate, direction).toBeLessThanOrEqual(most);
}

test('each way has its own rate, live, and is free again without', async () => {
  for (const direction of ['receive', 'transmit'] as const)
    await within(direction, 8 * UNIT, FREE, Number.POSITIVE_INFINITY);
  expect(await setLinkRates(LINK, { receive: UNIT, transmit: UNIT / 2 })).toEqual({
    receive: UNIT,
    transmit: UNIT / 2,
  });
  await within('receive', 2 * UNIT, 0.3 * UNIT, 1.4 * UNIT);
  await within('transmit', UNIT, 0.15 * UNIT, 0.8 * UNIT);
  expect(await setLinkRates(LINK, { receive: null, transmit: 2 * UNIT })).toEqual({
    receive: null,
    transmit: 2 * UNIT,
  });
  await within('receive', 8 * UNIT, FREE, Number.POSITIVE_INFINITY);
  await within('transmit', 3 * UNIT, 0.6 * UNIT, 2.8 * UNIT);
  expect(await setLinkRates(LINK, NONE)).toEqual(NONE);
  await within('transmit', 8 * UNIT, FREE, Number.POSITIVE_INFINITY);
});

test('only a limited transmit has a link of its own, and takes it away again', async () => {
  await setLinkRates(LINK, { receive: 1000, transmit: null });
  expect(await names()).not.toContain(shaperOf(LINK));
  await setLinkRates(LINK, { receive: 1000, transmit: 1000 });
  expect(await names()).toContain(shaperOf(LINK));
  await setLinkRates(LINK, { receive: 1000, transmit: 2000 });
  await setLinkRates(LINK, NONE);
  expect(await names()).not.toContain(shaperOf(LINK));
  await setLinkRates(LINK, NONE);
});

test('a shaper that nothing leads to limits nothing, is not told as a limit, and the same limit leads there again', async () => {
  const limited = { receive: null, transmit: UNIT / 2 };
  await setLinkRates(LINK, limited);
  expect(await readLinkRates(LINK)).toEqual(limited);
  execFileSync('tc', ['qdisc', 'del', 'dev', LINK, 'ingress']);
  await within('transmit', 8 * UNIT, FREE, Number.POSITIVE_INFINITY);
  expect(await names()).toContain(shaperOf(LINK));
  expect(await readLinkRates(LINK)).toEqual(NONE);
  expect(await setLinkRates(LINK, limited)).toEqual(limited);
  await within('transmit', UNIT, 0.15 * UNIT, 0.8 * UNIT);
  // Led elsewhere, it is not led there.
  execFileSync('tc', ['qdisc', 'del', 'dev', LINK, 'ingress']);
  execFileSync('tc', ['qdisc', 'add', 'dev', LINK, 'ingress']);
  const elsewhere = 'parent ffff: protocol all prio 1 u32 match u32 0 0 action mirred egress redirect dev lo';
  execFileSync('tc', ['filter', 'add', 'dev', LINK, ...elsewhere.split(' ')]);
  expect(await readLinkRates(LINK)).toEqual(NONE);
  expect(await setLinkRates(LINK, limited)).toEqual(limited);
  await setLinkRates(LINK, NONE);
});

test('rates beyond 32 bits are read back whole', async () => {
  const rates = { receive: 12_500_000_000, transmit: 5_000_000_000 };
  expect(await setLinkRates(LINK, rates)).toEqual(rates);
});

test('a link that is not there, or could be its own shaper, is refused', async () => {
  await expect(setLinkRates('bt-none', NONE)).rejects.toMatchObject({ code: 'ENODEV', path: 'bt-none' });
  await expect(readLinkRates('bt-none')).rejects.toMatchObject({ code: 'ENODEV', path: 'bt-none' });
  await expect(setLinkRates('this-name-is-far-too-long', NONE)).rejects.toMatchObject({ code: 'EINVAL' });
});
