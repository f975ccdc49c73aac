import type { CommandEntry } from './command.ts';

/** The commands about guests, by their words. */
export const GUEST_COMMANDS: Readonly<Record<string, CommandEntry>> = {
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
  'guest memory': {
    summary: 'decide about guests whose memory is full',
    load: async () => (await import('./guest-memory.ts')).guestMemory,
  },
  'guest rm': {
    summary: 'put guests into the trash, or delete them for good with --now',
    aliases: ['delete', 'remove'],
    load: async () => (await import('./guest-actions.ts')).guestRm,
  },
  'guest rename': {
    summary: 'give a guest another name',
    aliases: ['mv'],
    load: async () => (await import('./guest-rename.ts')).guestRename,
  },
  'guest move': {
    summary: 'put a guest into another project',
    load: async () => (await import('./guest-move.ts')).guestMove,
  },
  'guest import': {
    summary: 'make and change guests by a file, after showing what differs',
    load: async () => (await import('./guest-import.ts')).guestImport,
  },
  'guest set': {
    summary: 'change limits, isolation, init or command of a guest',
    aliases: ['configure', 'config'],
    load: async () => (await import('./guest-set.ts')).guestSet,
  },
  'guest isolation': {
    summary: 'show how a guest is separated, as the kernel says',
    load: async () => (await import('./guest-isolation.ts')).guestIsolation,
  },
  'guest probe': {
    summary: 'try the walls of a guest from inside it',
    aliases: ['try'],
    load: async () => (await import('./guest-probe.ts')).guestProbe,
  },
  'guest keep': {
    summary: 'keep a change that would go back by itself',
    load: async () => (await import('./guest-keep.ts')).guestKeep,
  },
  'guest device': {
    summary: 'list, plug in and pull out devices of a guest',
    aliases: ['devices'],
    load: async () => (await import('./guest-device.ts')).guestDevice,
  },
  'guest run': {
    summary: 'make a guest, run it on this terminal and remove it',
    load: async () => (await import('./guest-run.ts')).guestRun,
  },
  'guest exec': {
    summary: 'run a command in a guest',
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
  'guest top': {
    summary: 'what guests use now, or the processes of one',
    aliases: ['ps', 'stats'],
    load: async () => (await import('./guest-top.ts')).guestTop,
  },
  'guest monitor': {
    summary: 'print what happens to guests as it happens',
    aliases: ['events', 'watch'],
    load: async () => (await import('./guest-monitor.ts')).guestMonitor,
  },
  'guest wait': {
    summary: 'wait until a guest is in a state',
    load: async () => (await import('./guest-wait.ts')).guestWait,
  },
  'guest cgroup': {
    summary: 'read and write files of a guest’s control group',
    load: async () => (await import('./guest-cgroup.ts')).guestCgroup,
  },
};
