import type { Guard, Locator } from '../access/guard.ts';
import type { Actor } from '../platform.ts';
import type { AuditRecord } from './append.ts';
import type { AuditCall } from './current-call.ts';
import { describeInput } from './describe-input.ts';
import { whoAsks } from './who-asks.ts';

type Subject = AuditRecord['subject'];

/** What the request tells of who asks (server/trpc.ts). */
interface Asking {
  actor: Actor | null;
  transport: 'admin' | 'web';
  ip: string;
  guard: Guard;
}

/** What nobody signed in may change, by a link. */
const BY_LINK = new Set(['setup.createAdmin', 'link.accept']);
/** What changes nothing at all, or but one's own look at things, and often. */
const UNTOLD = new Set(['desk.save', 'guest.planImport', 'notice.seen']);
const NAMED = ['username', 'volume', 'image'] as const;
const TYPES = { username: 'user', volume: 'volume', image: 'image' } as const;
const LONGEST_NAME = 200;

function textIn(input: unknown, key: string): string | null {
  if (typeof input !== 'object' || input === null || !Object.hasOwn(input, key)) return null;
  const value = (input as Record<string, unknown>)[key];
  return typeof value === 'string' ? value.slice(0, LONGEST_NAME) : null;
}

/** What a mutation is about, before it is done: afterwards it may be gone. */
async function subjectOf(
  { guard }: Pick<Asking, 'guard'>,
  { path, on, input }: { path: string; on: Locator | undefined; input: unknown },
): Promise<Subject> {
  const guest = on === undefined ? null : await guard.subjectOf(on, input);
  if (guest) return { type: 'guest', ...guest };
  for (const key of NAMED) {
    const name = textIn(input, key);
    if (name !== null) return { type: TYPES[key], id: null, name };
  }
  const project = path.startsWith('project.') ? (textIn(input, 'project') ?? textIn(input, 'name')) : null;
  if (project !== null) return { type: 'project', id: null, name: project };
  const role = path.startsWith('role.') ? textIn(input, 'name') : null;
  if (role !== null) return { type: 'role', id: null, name: role };
  const none = on === 'guest' || on === 'session' ? textIn(input, 'guest') : null;
  return none === null ? null : { type: 'guest', id: null, name: none };
}

/** A mutation that begins; null where nobody is signed in, who can do nothing, and for what is not written down. */
export async function beginCall(
  ctx: Asking,
  of: { path: string; on: Locator | undefined; input: unknown },
): Promise<AuditCall | null> {
  const { actor, transport, ip } = ctx;
  if ((actor === null && !BY_LINK.has(of.path)) || UNTOLD.has(of.path)) return null;
  return {
    record: {
      ...whoAsks({ actor, transport, ip }),
      action: of.path,
      subject: await subjectOf(ctx, of),
      operation: null,
      input: describeInput(of.input),
    },
    isWritten: false,
    isOver: false,
  };
}
