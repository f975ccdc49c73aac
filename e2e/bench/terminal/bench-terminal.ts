import type { BrowserContext, Page } from '@playwright/test';
import { quantile, type Samples, summarize } from '../measure.ts';
import { probeCommand, probeEcho, probeInterrupt, watchSockets } from './page-probe.ts';
import { cpuMillis, type Subject } from './subject.ts';

export interface TerminalAmounts {
  bytes: number;
  cats: number;
  keys: number;
  interrupts: number;
  opens: number;
  floods: number;
}

/** Milliseconds. */
export interface Echo {
  told: { p50: number; p99: number };
  drawn: { p50: number; p99: number };
}

export interface TerminalResult {
  name: string;
  open: Samples;
  /** Idle, beside one terminal that floods, and beside many. */
  echo: { idle: Echo; one: Echo; many: Echo | { failed: string } };
  /** MB (10^6 bytes) a second, and ms of processor time for each MB. */
  speed: number;
  cpu: number;
  interrupt: Samples;
}

async function measureEcho(page: Page, keys: number): Promise<Echo> {
  const { told, drawn } = await probeEcho(page, keys);
  const both = (values: number[]) => ({ p50: quantile(values, 0.5), p99: quantile(values, 0.99) });
  return { told: both(told), drawn: both(drawn) };
}

async function besideFloods(
  page: Page,
  subject: Subject,
  of: { floods: number; keys: number },
): Promise<Echo> {
  const end = await subject.flood(of.floods);
  try {
    return await measureEcho(page, of.keys);
  } finally {
    await end();
  }
}

/** One web terminal through a real browser, from the click to what is drawn. */
export async function benchTerminal(
  context: BrowserContext,
  subject: Subject,
  amounts: TerminalAmounts,
): Promise<TerminalResult> {
  const { keys, floods } = amounts;
  const opens: number[] = [];
  let page = await context.newPage();
  for (let round = 0; round <= amounts.opens; round++) {
    await page.close();
    page = await context.newPage();
    await watchSockets(page);
    const ms = await subject.open(page);
    // the first round fills the browser's cache
    if (round > 0) opens.push(ms);
  }
  const idle = await measureEcho(page, keys);
  const one = await besideFloods(page, subject, { floods: 1, keys });
  const file = await subject.makeFile(amounts.bytes);
  const [times, cpus]: [number[], number[]] = [[], []];
  for (let round = 0; round < amounts.cats; round++) {
    const before = cpuMillis(subject.pids());
    times.push(await probeCommand(page, `cat ${file}; echo over-$((${round}+1))`, `over-${round + 1}`));
    cpus.push(cpuMillis(subject.pids()) - before);
  }
  const interrupts: number[] = [];
  for (let round = 0; round < amounts.interrupts; round++) interrupts.push(await probeInterrupt(page, 2000));
  const many = await besideFloods(page, subject, { floods, keys }).catch((error: unknown) => ({
    failed: error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error),
  }));
  await page.close();
  const megabytes = amounts.bytes / 1e6;
  return {
    name: subject.name,
    open: summarize(opens),
    echo: { idle, one, many },
    speed: megabytes / (summarize(times).median / 1000),
    cpu: summarize(cpus).median / megabytes,
    interrupt: summarize(interrupts),
  };
}
