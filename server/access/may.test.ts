import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { covers, type Grant, may, narrow, projectsOf, type Rights, reachOf, rightsView } from './may.ts';
import { BUILT_IN_ROLES, PERMISSION_NAMES, type Permission } from './schema.ts';

const permission = fc.constantFrom(...PERMISSION_NAMES);
const guest = fc.constantFrom('a', 'b', 'c', 'everything');
/** Guest c is in both, as none is: a right to one of them is a right to c alone there. */
const PROJECTS = [
  { name: 'p', guests: new Set(['a', 'c']) },
  { name: 'q', guests: new Set(['c']) },
] as const;
const project = fc.constantFrom(...PROJECTS);
/** Tags cross projects: c has both, as none is; a has one. */
const TAGS = [
  { name: 't', guests: new Set(['a', 'c']) },
  { name: 'u', guests: new Set(['b', 'c']) },
] as const;
const tag = fc.constantFrom(...TAGS);
const permissions = fc.uniqueArray(permission).map((names) => new Set(names));
const grant: fc.Arbitrary<Grant> = fc.oneof(
  fc.record({ permissions, guest: fc.option(guest) }),
  fc.record({ permissions, guest: fc.constant(null), project }),
  fc.record({ permissions, guest: fc.constant(null), tag }),
);
/** As a token narrows them: of all that they name at once. */
const narrowed: fc.Arbitrary<Grant> = fc.record({
  ...{ permissions, guest: fc.option(guest), project: fc.option(project), tag: fc.option(tag) },
});
const grants = fc.array(grant, { maxLength: 6 });
const anyGrants = fc.array(fc.oneof(grant, narrowed), { maxLength: 6 });
const object = fc.oneof(
  fc.constant('everything' as const),
  guest.map((id) => ({ guest: id })),
  fc.constantFrom('p', 'q', 'everything').map((name) => ({ project: name })),
  fc.constantFrom('t', 'u', 'everything').map((name) => ({ tag: name })),
);
const of = (list: readonly Grant[]): Rights => ({ unlimited: false, grants: list });

describe('may', () => {
  test('is what one grant alone allows, and no more', () => {
    fc.assert(
      fc.property(grants, permission, object, (list, name, what) => {
        const alone = list.some((one) => may(of([one]), name, what));
        expect(may(of(list), name, what)).toBe(alone);
      }),
    );
  });

  test('a grant for one guest says nothing of another, nor of everything', () => {
    fc.assert(
      fc.property(permission, guest, object, (name, id, what) => {
        const allowed = may(of([{ permissions: new Set(PERMISSION_NAMES), guest: id }]), name, what);
        expect(allowed).toBe(what !== 'everything' && 'guest' in what && what.guest === id);
      }),
    );
  });

  test('a grant for a project is one for each of its guests and for itself, and for nothing else', () => {
    fc.assert(
      fc.property(permission, project, object, (name, where, what) => {
        const grants = [{ permissions: new Set(PERMISSION_NAMES), guest: null, project: where }];
        const inside =
          what !== 'everything' &&
          ('guest' in what ? where.guests.has(what.guest) : 'project' in what && what.project === where.name);
        expect(may(of(grants), name, what)).toBe(inside);
      }),
    );
  });

  test('a grant for a tag is one for each guest that has it, and no right to make any, anywhere', () => {
    fc.assert(
      fc.property(permission, tag, object, (name, which, what) => {
        const grants = [{ permissions: new Set(PERMISSION_NAMES), guest: null, tag: which }];
        const inside =
          what !== 'everything' &&
          ('guest' in what ? which.guests.has(what.guest) : 'tag' in what && what.tag === which.name);
        expect(may(of(grants), name, what)).toBe(inside);
      }),
    );
  });

  test('what names more is no wider than any of what it names', () => {
    fc.assert(
      fc.property(narrowed, permission, object, (one, name, what) => {
        if (!may(of([one]), name, what)) return;
        for (const wider of [
          { ...one, guest: null },
          { ...one, project: null },
          { ...one, tag: null },
        ])
          if (what !== 'everything' && 'guest' in what) expect(may(of([wider]), name, what)).toBe(true);
      }),
    );
  });

  test('a token of a project has what its user has there, and nothing else', () => {
    fc.assert(
      fc.property(grants, permissions, project, permission, guest, (list, allowed, where, name, id) => {
        const rights = of(narrow(list, { permissions: allowed, project: where }));
        const expected =
          allowed.has(name) &&
          where.guests.has(id) &&
          may(of(list), name, { guest: id }) &&
          list.some(
            (one) =>
              one.permissions.has(name) &&
              (!one.project || one.project.name === where.name) &&
              may(of([one]), name, { guest: id }),
          );
        expect(may(rights, name, { guest: id })).toBe(expected);
        expect(may(rights, name, 'everything')).toBe(false);
      }),
    );
  });

  test('a guest that comes into a project is within the rights to it at once', () => {
    const guests = new Set<string>();
    const rights = of([
      { permissions: new Set(['guest.view']), guest: null, project: { name: 'r', guests } },
    ]);
    expect(may(rights, 'guest.view', { guest: 'new' })).toBe(false);
    guests.add('new');
    expect(may(rights, 'guest.view', { guest: 'new' })).toBe(true);
  });

  test('a grant more never takes anything away', () => {
    fc.assert(
      fc.property(grants, grant, permission, object, (list, more, name, what) => {
        if (may(of(list), name, what)) expect(may(of([...list, more]), name, what)).toBe(true);
      }),
    );
  });

  test('who is to have two permissions has both of each guest that is reached', () => {
    fc.assert(
      fc.property(anyGrants, permission, permission, guest, (list, name, also, id) => {
        const reach = reachOf(of(list), name, also);
        const has = (one: Permission) => may(of(list), one, { guest: id });
        // What is reached in everything is reached whatever its id.
        expect(reach === 'everything' || reach.has(id)).toBe(has(name) && has(also));
      }),
    );
  });

  test('nobody without grants may anything; root may all', () => {
    fc.assert(
      fc.property(permission, object, (name, what) => {
        expect(may(of([]), name, what)).toBe(false);
        expect(may({ unlimited: true }, name, what)).toBe(true);
      }),
    );
  });
});

test('what is in reach is just what may be seen', () => {
  fc.assert(
    fc.property(anyGrants, permission, guest, (list, name, id) => {
      const reach = reachOf(of(list), name);
      expect(reach === 'everything' || reach.has(id)).toBe(may(of(list), name, { guest: id }));
      expect(reach === 'everything').toBe(may(of(list), name, 'everything'));
    }),
  );
});

test('the projects in reach are those in which something may be made', () => {
  fc.assert(
    fc.property(grants, permission, fc.constantFrom('p', 'q'), (list, name, where) => {
      const reach = projectsOf(of(list), name);
      expect(reach === 'everything' || reach.has(where)).toBe(may(of(list), name, { project: where }));
    }),
  );
});

test('who covers others may do all that they may', () => {
  fc.assert(
    fc.property(grants, grants, permission, object, (mine, theirs, name, what) => {
      if (covers(of(mine), theirs) && may(of(theirs), name, what))
        expect(may(of(mine), name, what)).toBe(true);
    }),
  );
  fc.assert(fc.property(grants, (list) => covers(of(list), list)));
});

test('the browser is told what may decides', () => {
  fc.assert(
    fc.property(anyGrants, permission, guest, (list, name, id) => {
      const view = rightsView(list);
      expect(view.everywhere.includes(name)).toBe(may(of(list), name, 'everything'));
      const there =
        view.everywhere.includes(name) ||
        (view.guests[id]?.includes(name) ?? false) ||
        [...Object.values(view.projects), ...Object.values(view.tags)].some(
          (one) => one.permissions.includes(name) && one.guests.includes(id),
        );
      expect(there).toBe(may(of(list), name, { guest: id }));
    }),
  );
});

test('of the roles that are always there each has all that the next has', () => {
  const [admin, operator, user, viewer] = ['admin', 'operator', 'user', 'viewer'].map(
    (name) => new Set<Permission>(BUILT_IN_ROLES[name as keyof typeof BUILT_IN_ROLES].permissions),
  );
  expect([...PERMISSION_NAMES].filter((name) => !admin?.has(name))).toEqual([]);
  expect([...(user ?? [])].filter((name) => !operator?.has(name))).toEqual([]);
  expect([...(viewer ?? [])].filter((name) => !user?.has(name))).toEqual([]);
  expect(operator?.has('people.manage')).toBe(false);
  expect([...(viewer ?? [])].filter((name) => !/\.(view|watch)$/.test(name))).toEqual([]);
});
