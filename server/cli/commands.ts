import type { CommandSpec } from './command.ts';

export interface CommandEntry {
  /** One line, for the overview. */
  summary: string;
  aliases?: readonly string[];
  /** Loaded when it is used: a list of guests need not load what a terminal needs. */
  load(): Promise<CommandSpec>;
}

/** Every command by its words. What ./berth itself runs (up, down, status, …) is in LAUNCHER_VERBS. */
export const COMMANDS: Readonly<Record<string, CommandEntry>> = {
  'guest ls': {
    summary: 'list the guests',
    aliases: ['list'],
    load: async () => (await import('./guest-ls.ts')).guestLs,
  },
  'guest info': {
    summary: 'show one guest in full',
    aliases: ['show', 'get'],
    load: async () => (await import('./guest-info.ts')).guestInfo,
  },
  'guest create': {
    summary: 'make a guest, and start it with --start',
    aliases: ['new', 'add'],
    load: async () => (await import('./guest-create.ts')).guestCreate,
  },
  'guest start': {
    summary: 'start guests',
    load: async () => (await import('./guest-actions.ts')).guestStart,
  },
  'guest stop': {
    summary: 'stop guests in order',
    load: async () => (await import('./guest-actions.ts')).guestStop,
  },
  'guest restart': {
    summary: 'stop and start guests',
    load: async () => (await import('./guest-actions.ts')).guestRestart,
  },
  'guest freeze': {
    summary: 'halt every process of guests',
    aliases: ['pause'],
    load: async () => (await import('./guest-actions.ts')).guestFreeze,
  },
  'guest unfreeze': {
    summary: 'let frozen guests go on',
    aliases: ['resume', 'unpause', 'thaw'],
    load: async () => (await import('./guest-actions.ts')).guestUnfreeze,
  },
  'guest rm': {
    summary: 'delete guests and their files',
    aliases: ['delete', 'remove'],
    load: async () => (await import('./guest-actions.ts')).guestRm,
  },
  'guest rename': {
    summary: 'give a guest another name',
    aliases: ['mv'],
    load: async () => (await import('./guest-rename.ts')).guestRename,
  },
  'guest set': {
    summary: 'change limits, command or stop time of a guest',
    aliases: ['configure', 'config'],
    load: async () => (await import('./guest-set.ts')).guestSet,
  },
  'guest isolation': {
    summary: 'show how a guest is separated, as the kernel says',
    load: async () => (await import('./guest-isolation.ts')).guestIsolation,
  },
  'guest exec': {
    summary: 'run a command in a guest',
    aliases: ['run'],
    load: async () => (await import('./guest-exec.ts')).guestExec,
  },
  'guest shell': {
    summary: 'open a shell in a guest',
    aliases: ['sh'],
    load: async () => (await import('./guest-shell.ts')).guestShell,
  },
  'guest console': {
    summary: "attach to a guest's own console",
    aliases: ['attach'],
    load: async () => (await import('./guest-console.ts')).guestConsole,
  },
  'guest learn': {
    summary: 'print the seccomp profile that a guest would need',
    load: async () => (await import('./guest-learn.ts')).guestLearn,
  },
  'image ls': {
    summary: 'list the images',
    aliases: ['list'],
    load: async () => (await import('./image-ls.ts')).imageLs,
  },
  'image build': {
    summary: 'build an image on this host',
    load: async () => (await import('./image-build.ts')).imageBuild,
  },
  'image rm': {
    summary: 'delete built images',
    aliases: ['delete', 'remove'],
    load: async () => (await import('./image-rm.ts')).imageRm,
  },
  'volume ls': {
    summary: 'list the volumes and who has them mounted',
    aliases: ['list'],
    load: async () => (await import('./volume-ls.ts')).volumeLs,
  },
  'volume create': {
    summary: 'make a volume',
    aliases: ['new', 'add'],
    load: async () => (await import('./volume-create.ts')).volumeCreate,
  },
  'volume rm': {
    summary: 'delete a volume and its files',
    aliases: ['delete', 'remove'],
    load: async () => (await import('./volume-rm.ts')).volumeRm,
  },
  'operation ls': {
    summary: 'list what happened and what happens now',
    aliases: ['list'],
    load: async () => (await import('./operation-ls.ts')).operationLs,
  },
  'operation info': {
    summary: 'show one operation with its steps',
    aliases: ['show', 'get'],
    load: async () => (await import('./operation-info.ts')).operationInfo,
  },
  'operation wait': {
    summary: 'wait for the end of an operation',
    load: async () => (await import('./operation-wait.ts')).operationWait,
  },
  'operation cancel': {
    summary: 'cancel an operation that can be',
    load: async () => (await import('./operation-cancel.ts')).operationCancel,
  },
  'admin link': {
    summary: 'make a one-time link that sets up an admin',
    load: async () => (await import('./admin-link.ts')).adminLink,
  },
  'admin users': {
    summary: 'list the users and what they may do',
    load: async () => (await import('./admin-users.ts')).adminUsers,
  },
  'admin privileged': {
    summary: 'let a user make privileged guests, or not any more',
    load: async () => (await import('./admin-privileged.ts')).adminPrivileged,
  },
  'host info': {
    summary: 'show this host and what it can do',
    aliases: ['show', 'get'],
    load: async () => (await import('./host-info.ts')).hostInfo,
  },
  'host check': {
    summary: 'try what guests need on this host, also where no server runs (berth check)',
    load: async () => (await import('./check.ts')).hostCheck,
  },
  'completion bash': {
    summary: 'print the completion for bash',
    load: async () => (await import('./completion-bash.ts')).completionBash,
  },
};

/** Commands of one word, and what they stand for. */
export const SHORT_NAMES: Readonly<Record<string, string>> = { check: 'host check' };

/** What the launcher does; here for the overview and for suggestions. */
export const LAUNCHER_VERBS: Readonly<Record<string, string>> = {
  up: 'install what is missing and start the console',
  down: 'stop the console; the guests run on',
  status: 'tell what runs',
  purge: 'remove this instance with all its guests',
  test: 'run the tests',
  bench: 'measure',
};
