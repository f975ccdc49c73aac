import type { Actor, Log } from '../platform.ts';
import type { Check, Found } from './check.ts';
import type { DoctorReport, Finding, MendReport } from './schema.ts';

/** Compares what Berth has written down with what this host has, and puts it right where it can. */
export class Doctor {
  readonly #checks: readonly Check[];
  readonly #log: Log;
  #mending: Promise<unknown> = Promise.resolve();

  constructor(options: { checks: readonly Check[]; log: Log }) {
    this.#checks = options.checks;
    this.#log = options.log;
  }

  async check(): Promise<DoctorReport> {
    return (await this.#look()).report;
  }

  /** One after the other; what fails leaves the rest to be mended. `ids`: only these. */
  mend(actor: Actor, ids?: readonly string[]): Promise<MendReport> {
    const mended = this.#mending.then(() => this.#mend(actor, ids));
    this.#mending = mended.catch(() => undefined);
    return mended;
  }

  async #mend(actor: Actor, ids?: readonly string[]): Promise<MendReport> {
    const { found } = await this.#look();
    const mended: Finding[] = [];
    const failed: MendReport['failed'] = [];
    for (const one of found) {
      const finding = findingOf(one);
      if (!one.mend || (ids && !ids.includes(finding.id))) continue;
      try {
        await one.mend(actor);
        this.#log.info('mended', { subject: one.subject, problem: one.problem });
        mended.push(finding);
      } catch (error) {
        this.#log.error('cannot be mended', { subject: one.subject, problem: one.problem, error });
        failed.push({ finding, why: error instanceof Error ? error.message : String(error) });
      }
    }
    return { mended, failed, after: await this.check() };
  }

  async #look(): Promise<{ found: Found[]; report: DoctorReport }> {
    const found: Found[] = [];
    const [looked, skipped]: [string[], DoctorReport['skipped']] = [[], []];
    for (const { what, find } of this.#checks) {
      try {
        found.push(...(await find()));
        looked.push(what);
      } catch (error) {
        this.#log.warn('the doctor cannot look at something', { what, error });
        skipped.push({ what, why: error instanceof Error ? error.message : String(error) });
      }
    }
    const report = { at: new Date().toISOString(), findings: found.map(findingOf), looked, skipped };
    return { found, report };
  }
}

function findingOf({ kind, subject, problem, remedy, mend }: Found): Finding {
  const id = `${kind} ${subject} ${problem.split(/[(:,]/)[0]}`.slice(0, 300);
  return { id, kind, subject, problem, remedy, mendable: mend !== undefined };
}
