import type { CommandEntry } from './command.ts';
import { GUEST_COMMANDS } from './guest-commands.ts';
import { PEOPLE_COMMANDS } from './people-commands.ts';

/** Every command by its words. What ./berth itself runs (up, down, status, …) is in LAUNCHER_VERBS. */
export const COMMANDS: Readonly<Record<string, CommandEntry>> = {
  ...GUEST_COMMANDS,
  'terminal ls': {
    summary: 'list the shells that run, and who looks at them',
    aliases: ['list'],
    load: async () => (await import('./terminal-ls.ts')).terminalLs,
  },
  'terminal end': {
    summary: 'end shells',
    aliases: ['close', 'rm'],
    load: async () => (await import('./terminal-end.ts')).terminalEnd,
  },
  'terminal rename': {
    summary: 'give a shell a name',
    aliases: ['mv', 'name'],
    load: async () => (await import('./terminal-rename.ts')).terminalRename,
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
  'trash ls': {
    summary: 'list what is in the trash',
    aliases: ['list'],
    load: async () => (await import('./trash-verbs.ts')).trashLs,
  },
  'trash restore': {
    summary: 'bring guests back out of the trash',
    aliases: ['undo'],
    load: async () => (await import('./trash-verbs.ts')).trashRestore,
  },
  'trash rm': {
    summary: 'delete guests in the trash for good',
    aliases: ['delete', 'remove'],
    load: async () => (await import('./trash-verbs.ts')).trashRm,
  },
  'trash empty': {
    summary: 'delete all for good that is in the trash',
    load: async () => (await import('./trash-verbs.ts')).trashEmpty,
  },
  'trash days': {
    summary: 'how long the trash keeps guests',
    load: async () => (await import('./trash-verbs.ts')).trashDays,
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
  'volume move': {
    summary: 'give a volume to another project',
    aliases: ['mv'],
    load: async () => (await import('./volume-move.ts')).volumeMove,
  },
  'volume rm': {
    summary: 'delete a volume and its files',
    aliases: ['delete', 'remove'],
    load: async () => (await import('./volume-rm.ts')).volumeRm,
  },
  'network map': {
    summary: 'tell who can reach whom, and by which rule',
    aliases: ['reach'],
    load: async () => (await import('./network-map.ts')).networkMap,
  },
  'audit ls': {
    summary: 'who did what, the newest first',
    aliases: ['list'],
    load: async () => (await import('./audit-verbs.ts')).auditLs,
  },
  'audit export': {
    summary: 'print who did what as JSON lines, or send it to syslog',
    load: async () => (await import('./audit-verbs.ts')).auditExport,
  },
  'audit prune': {
    summary: 'remove who did what long ago; the rest stays verifiable',
    load: async () => (await import('./audit-verbs.ts')).auditPrune,
  },
  'audit verify': {
    summary: 'find what was changed or cut in it',
    aliases: ['check'],
    load: async () => (await import('./audit-verbs.ts')).auditVerify,
  },
  'recording ls': {
    summary: 'list the recordings of terminals',
    aliases: ['list'],
    load: async () => (await import('./recording-ls.ts')).recordingLs,
  },
  'recording start': {
    summary: "record a shell or a guest's console from now on",
    load: async () => (await import('./recording-start.ts')).recordingStart,
  },
  'recording stop': {
    summary: 'end recordings',
    load: async () => (await import('./recording-stop.ts')).recordingStop,
  },
  'recording always': {
    summary: 'record all terminals of a guest, or not any more',
    load: async () => (await import('./recording-always.ts')).recordingAlways,
  },
  'recording limits': {
    summary: 'how large recordings may be, and how long they are kept',
    load: async () => (await import('./recording-limits.ts')).recordingLimits,
  },
  'recording export': {
    summary: 'write a recording as an asciicast, which asciinema plays',
    aliases: ['get', 'cat'],
    load: async () => (await import('./recording-export.ts')).recordingExport,
  },
  'recording rm': {
    summary: 'delete recordings',
    aliases: ['delete', 'remove'],
    load: async () => (await import('./recording-rm.ts')).recordingRm,
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
  'operation undo': {
    summary: 'take back a change of settings',
    load: async () => (await import('./operation-undo.ts')).operationUndo,
  },
  ...PEOPLE_COMMANDS,
  'notice ls': {
    summary: 'list what people were told, the newest first',
    aliases: ['list'],
    load: async () => (await import('./notice-verbs.ts')).noticeLs,
  },
  'notice channels': {
    summary: 'list where notices go, and what went wrong there',
    load: async () => (await import('./notice-verbs.ts')).noticeChannels,
  },
  'notice add': {
    summary: 'make a channel: a webhook, or mail',
    load: async () => (await import('./notice-verbs.ts')).noticeAdd,
  },
  'notice set': {
    summary: 'change a channel',
    load: async () => (await import('./notice-verbs.ts')).noticeSet,
  },
  'notice try': {
    summary: 'send something to a channel and tell whether it was taken',
    load: async () => (await import('./notice-verbs.ts')).noticeTry,
  },
  'notice rm': {
    summary: 'delete a channel',
    load: async () => (await import('./notice-verbs.ts')).noticeRm,
  },
  'project ls': {
    summary: 'list the projects, what their guests have and may have',
    aliases: ['list'],
    load: async () => (await import('./project-verbs.ts')).projectLs,
  },
  'project create': {
    summary: 'make a project, with quotas or without',
    aliases: ['new', 'add'],
    load: async () => (await import('./project-verbs.ts')).projectCreate,
  },
  'project set': {
    summary: 'change the quotas of a project',
    aliases: ['configure'],
    load: async () => (await import('./project-verbs.ts')).projectSet,
  },
  'project member': {
    summary: 'list, add and remove the people of a project',
    aliases: ['members'],
    load: async () => (await import('./project-verbs.ts')).projectMember,
  },
  'project rm': {
    summary: 'delete a project without guests',
    aliases: ['delete', 'remove'],
    load: async () => (await import('./project-verbs.ts')).projectRm,
  },
  'token ls': {
    summary: 'list what programs act with, and when each was used last',
    aliases: ['list'],
    load: async () => (await import('./token-verbs.ts')).tokenLs,
  },
  'token create': {
    summary: 'make a token with which a program acts for a user',
    aliases: ['new', 'add'],
    load: async () => (await import('./token-verbs.ts')).tokenCreate,
  },
  'token rm': {
    summary: 'delete a token: what it has open ends',
    aliases: ['delete', 'remove'],
    load: async () => (await import('./token-verbs.ts')).tokenRm,
  },
  'role ls': {
    summary: 'list the roles and what each allows',
    aliases: ['list'],
    load: async () => (await import('./role-verbs.ts')).roleLs,
  },
  'role set': {
    summary: 'make a role of named permissions, or change one',
    aliases: ['create', 'save'],
    load: async () => (await import('./role-verbs.ts')).roleSet,
  },
  'role rm': {
    summary: 'delete a role that nobody has',
    aliases: ['delete', 'remove'],
    load: async () => (await import('./role-verbs.ts')).roleRm,
  },
  'host doctor': {
    summary: 'find what differs from the inventory, and mend it (berth doctor)',
    load: async () => (await import('./doctor.ts')).doctor,
  },
  'db ls': {
    summary: 'list the back-ups of the database',
    aliases: ['list', 'backups'],
    load: async () => (await import('./db-ls.ts')).dbLs,
  },
  'db backup': {
    summary: 'back up the database now',
    aliases: ['dump'],
    load: async () => (await import('./db-backup.ts')).dbBackup,
  },
  'db schedule': {
    summary: 'say when back-ups are made by themselves, and how the last went',
    load: async () => (await import('./db-schedule.ts')).dbSchedule,
  },
  'db try': {
    summary: 'restore a back-up for a trial, and compare',
    load: async () => (await import('./db-try.ts')).dbTry,
  },
  'db restore': {
    summary: 'put a back-up in the place of the database',
    load: async () => (await import('./db-restore.ts')).dbRestore,
  },
  'db move': {
    summary: 'bring the inventory into another PostgreSQL, or back',
    load: async () => (await import('./db-move.ts')).dbMove,
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
export const SHORT_NAMES: Readonly<Record<string, string>> = { check: 'host check', doctor: 'host doctor' };

/** What the launcher does; here for the overview and for suggestions. */
export const LAUNCHER_VERBS: Readonly<Record<string, string>> = {
  up: 'install what is missing and start the console',
  down: 'stop the console; the guests run on',
  status: 'tell what runs',
  purge: 'remove this instance with all its guests',
  test: 'run the tests',
  bench: 'measure',
};
