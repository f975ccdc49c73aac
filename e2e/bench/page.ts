import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, release } from 'node:os';
import path from 'node:path';
import { reasonOf, stopSignal } from './measure.ts';

/** What has been measured so far; a part that fails is told and does not keep the others from running. */
export class Report {
  readonly sections: string[] = [];
  failed = false;

  /** An empty section is left out, and so is all that has not begun when a signal ends the bench. */
  async part(title: string, work: () => Promise<string>): Promise<void> {
    if (stopSignal.aborted) {
      this.failed = true;
      return;
    }
    console.log(`  ${title}`);
    try {
      const section = await work();
      if (section !== '') this.sections.push(section);
    } catch (error) {
      this.failed = true;
      this.sections.push(`## ${title}\n\nDid not work: ${reasonOf(error)}`);
    }
  }
}

/** A page below docs/benchmarks, with the machine as it was before anything was measured. */
export class Page {
  readonly #load = loadavg()[0] ?? 0;
  readonly #root: string;
  readonly #name: string;
  readonly #title: string;

  constructor(root: string, name: string, title: string) {
    this.#root = root;
    this.#name = name;
    this.#title = title;
  }

  /** Print it, and write it where `keep` and nothing failed. Returns the exit status. */
  finish(report: Report, command: string, keep: boolean): number {
    const text = `${[
      `# ${this.#title}`,
      `Made by \`${command}\` on ${new Date().toISOString().slice(0, 10)}: kernel ${release()}, ${cpus().length} × ${cpus()[0]?.model.trim()}, cgroup ${layout()}, load ${this.#load.toFixed(1)} before it began. Medians; one run, taking turns.`,
      ...report.sections,
    ].join('\n\n')}\n`;
    if (keep && !report.failed) {
      const folder = path.join(this.#root, 'docs/benchmarks');
      mkdirSync(folder, { recursive: true });
      writeFileSync(path.join(folder, `${this.#name}.md`), text);
    }
    console.log(`\n${text}`);
    return report.failed ? 1 : 0;
  }
}

function layout(): string {
  const mounts = readFileSync('/proc/self/mountinfo', 'utf8');
  const [one, two] = [/ - cgroup /.test(mounts), / - cgroup2 /.test(mounts)];
  return one && two ? 'hybrid' : two ? 'v2' : 'v1';
}
