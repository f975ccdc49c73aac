import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { dirname } from 'node:path';
import * as pty from 'node-pty';
import { childEnv } from '../child/child-env.ts';
import { AppError } from '../errors/app-error.ts';
import { DEBIAN_FILES, DEBIAN_PACKAGES, MASKED_UNITS } from './debian-files.ts';
import { type DebianMirror, hostMirror, sourcesOf } from './debian-mirror.ts';
import type { BuildContext, ImageBuilder } from './image-builder.ts';
import { MmdebstrapProgress } from './mmdebstrap-progress.ts';
import { writeInside } from './write-inside.ts';

const MMDEBSTRAP = '/usr/bin/mmdebstrap';

/**
 * The build has its own mount and pid namespaces: the death of its first process is the end of every other and of
 * every mount, whatever it was in the middle of (pid_namespaces(7)).
 */
const OWN_NAMESPACES = ['--mount', '--pid', '--fork', '--kill-child', '--mount-proc', '--'];

/** argv of unshare(1). Pure. */
function debianArgs(of: { mmdebstrap: string; rootfs: string; mirror: DebianMirror }): string[] {
  const { mmdebstrap, rootfs, mirror } = of;
  return [
    ...OWN_NAMESPACES,
    mmdebstrap,
    '--verbose',
    '--mode=root',
    '--variant=minbase',
    '--format=directory',
    `--include=${DEBIAN_PACKAGES.join(',')}`,
    ...mirror.aptOptions.map((option) => `--aptopt=${option}`),
    'bookworm',
    rootfs,
    ...sourcesOf(mirror),
  ];
}

async function assertProgram(path: string): Promise<void> {
  try {
    await access(path, constants.X_OK);
  } catch (cause) {
    throw new AppError(
      'unavailable',
      `debian/12 is built with mmdebstrap, which is not at ${path}: install the package mmdebstrap`,
      { cause },
    );
  }
}

/** node-pty gives its master's descriptor, and types without it. */
const masterOf = (terminal: pty.IPty) => (terminal as pty.IPty & { fd: number }).fd;

/** Run mmdebstrap on a terminal of its own; resolves to its exit status. */
function runOnTerminal(args: string[], context: BuildContext, progress: MmdebstrapProgress): Promise<number> {
  const { signal, output } = context;
  return new Promise((resolve, reject) => {
    const child = pty.spawn('/usr/bin/unshare', args, {
      cwd: '/',
      cols: 100,
      rows: 30,
      env: childEnv({
        PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
        LC_ALL: 'C.UTF-8',
        TERM: 'xterm-256color',
        DEBIAN_FRONTEND: 'noninteractive',
        TMPDIR: dirname(context.rootfs),
      }),
    });
    // node-pty leaves the master to every program that is started while it is open
    context.keepFromPrograms(masterOf(child)).catch(reject);
    // --kill-child sends SIGKILL to the namespace's first process when unshare itself dies.
    const kill = () => child.kill('SIGKILL');
    signal.addEventListener('abort', kill, { once: true });
    if (signal.aborted) kill();
    child.onData((text) => {
      output(text);
      progress.feed(text);
      context.progress(progress.fraction);
      context.message(progress.message);
    });
    child.onExit(({ exitCode }) => {
      signal.removeEventListener('abort', kill);
      resolve(exitCode);
    });
  });
}

/** What was wrong, in the user's words: no network is by far the most likely. */
function failure(progress: MmdebstrapProgress, status: number, mirror: DebianMirror): AppError {
  const said = progress.error ?? `mmdebstrap exited with status ${status}`;
  if (/No space left/.test(said)) {
    return new AppError('no_space', `debian/12 cannot be built: the disk is full (${said})`);
  }
  if (/resolve|connect|fetch|unreachable|timed out|download|update/i.test(said)) {
    return new AppError(
      'unavailable',
      `debian/12 cannot be built: the mirror ${mirror.main} cannot be used (${said}); check this host's network`,
    );
  }
  return new AppError('unavailable', `debian/12 cannot be built: ${said}`);
}

/** Make a fresh Debian fit for a guest: units that cannot work are masked, nothing of the host stays. */
async function finish(rootfs: string, mirror: DebianMirror): Promise<void> {
  const sources = { path: 'etc/apt/sources.list', text: `${sourcesOf(mirror).join('\n')}\n`, mode: 0o644 };
  for (const file of [...DEBIAN_FILES, sources]) await writeInside(rootfs, file);
  for (const unit of MASKED_UNITS)
    await writeInside(rootfs, { path: `etc/systemd/system/${unit}`, target: '/dev/null' });
  await writeInside(rootfs, { path: 'var/lib/dbus/machine-id', target: '/etc/machine-id' });
}

/** A builder that takes the program and apt's folder from elsewhere than the host's usual places. */
export function debianBuilder({ mmdebstrap = MMDEBSTRAP, apt = '/etc/apt' } = {}): ImageBuilder {
  return async (context) => {
    await assertProgram(mmdebstrap);
    const mirror = await hostMirror(apt);
    const progress = new MmdebstrapProgress();
    const args = debianArgs({ mmdebstrap, rootfs: context.rootfs, mirror });
    const status = await runOnTerminal(args, context, progress);
    context.signal.throwIfAborted();
    if (status !== 0) throw failure(progress, status, mirror);
    context.message('fitting it for guests');
    await finish(context.rootfs, mirror);
  };
}

/** `debian/12` into an empty folder. Throws `unavailable` (mmdebstrap, mirror), `no_space`, or the signal's reason. */
export const buildDebian: ImageBuilder = debianBuilder();
