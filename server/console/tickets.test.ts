import { describe, expect, test } from 'vitest';
import { TICKET_LIFETIME_MS, TICKETS_PER_ACTOR, TicketBox, type TicketHolder } from './tickets.ts';

const ann: TicketHolder = { actor: { kind: 'user', id: 'u1', username: 'ann' }, login: 'login-1' };
const root: TicketHolder = { actor: { kind: 'root' }, login: null };
const shell = { type: 'session', guestId: 'g1', session: 's1' } as const;

describe('a ticket', () => {
  test('opens what it was issued for, once', () => {
    const box = new TicketBox();
    const ticket = box.issue(ann, shell);
    expect(Buffer.from(ticket, 'base64url')).toHaveLength(32);
    expect(box.redeem(ticket, ann, ['session'])).toEqual(shell);
    expect(box.redeem(ticket, ann, ['session'])).toBeNull();
  });

  test('is late after ten seconds, and good just before', () => {
    let now = 0;
    const box = new TicketBox(() => now);
    const [good, late] = [box.issue(ann, shell), box.issue(ann, shell)];
    now = TICKET_LIFETIME_MS - 1;
    expect(box.redeem(good, ann, ['session'])).toEqual(shell);
    now = TICKET_LIFETIME_MS;
    expect(box.redeem(late, ann, ['session'])).toBeNull();
  });

  test.each<[string, TicketHolder]>([
    ['another user', { actor: { kind: 'user', id: 'u2', username: 'bob' }, login: 'login-1' }],
    ['another login of the same user', { ...ann, login: 'login-2' }],
    ['root', root],
  ])('is worth nothing to %s, and is used up by the attempt', (_who, other) => {
    const box = new TicketBox();
    const ticket = box.issue(ann, shell);
    expect(box.redeem(ticket, other, ['session'])).toBeNull();
    expect(box.redeem(ticket, ann, ['session'])).toBeNull();
  });

  test('opens nothing of another purpose', () => {
    const box = new TicketBox();
    expect(box.redeem(box.issue(ann, shell), ann, ['exec'])).toBeNull();
  });

  test('cannot be hoarded, and one actor does not keep another from having one', () => {
    let now = 0;
    const box = new TicketBox(() => now);
    for (let i = 0; i < TICKETS_PER_ACTOR; i++) box.issue(ann, shell);
    expect(() => box.issue(ann, shell)).toThrow(expect.objectContaining({ code: 'too_many' }));
    expect(box.issue(root, shell)).toBeTypeOf('string');
    now = TICKET_LIFETIME_MS;
    expect(box.issue(ann, shell)).toBeTypeOf('string');
  });
});
