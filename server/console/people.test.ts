import { expect, test } from 'vitest';
import { People } from './people.ts';

const ann = { account: 'ann', name: 'Ann', mayDrive: true };
const bob = { account: 'bob', name: 'Bob', mayDrive: true };
const eve = { account: 'eve', name: 'Eve', mayDrive: false };

test('the first who may drives, the others watch', () => {
  const people = new People();
  const watcher = people.join(eve);
  expect(people.driver).toBeNull();
  expect(people.mayType(watcher)).toBe(false);
  const first = people.join(ann);
  const second = people.join(bob);
  expect(people.mayType(first)).toBe(true);
  expect(people.mayType(second)).toBe(false);
  expect(people.view(second)).toEqual({
    you: second,
    driver: first,
    people: [
      { id: watcher, name: 'Eve', mayDrive: false, isAsking: false },
      { id: first, name: 'Ann', mayDrive: true, isAsking: false },
      { id: second, name: 'Bob', mayDrive: true, isAsking: false },
    ],
  });
});

test('the newest window of a person drives for that person, and an older one by typing', () => {
  const people = new People();
  const old = people.join(ann);
  const other = people.join(bob);
  const fresh = people.join(ann);
  expect(people.driver).toBe(fresh);
  expect(people.mayType(old)).toBe(true);
  expect(people.driver).toBe(old);
  expect(people.mayType(other)).toBe(false);
  expect(people.driver).toBe(old);
});

test('control is asked for, given, refused and taken', () => {
  const people = new People();
  const first = people.join(ann);
  const second = people.join(bob);
  expect(people.ask(second)).toBe(true);
  expect(people.view(first).people[1]?.isAsking).toBe(true);
  expect(people.refuse(second)).toBe(false);
  expect(people.refuse(first)).toBe(true);
  expect(people.view(first).people[1]?.isAsking).toBe(false);
  people.ask(second);
  expect(people.give(second, second)).toBe(false);
  expect(people.give(first, second)).toBe(true);
  expect(people.driver).toBe(second);
  expect(people.view(first).people[1]?.isAsking).toBe(false);
  expect(people.take(first)).toBe(true);
  expect(people.driver).toBe(first);
});

test('who may only watch gets no control by any way', () => {
  const people = new People();
  const watcher = people.join(eve);
  const first = people.join(ann);
  expect(people.ask(watcher)).toBe(false);
  expect(people.take(watcher)).toBe(false);
  expect(people.give(first, watcher)).toBe(false);
  expect(people.driver).toBe(first);
  people.leave(first);
  expect(people.driver).toBeNull();
});

test('who leaves hands over: to an own window, to who asked, to who was there longest', () => {
  const people = new People();
  const first = people.join(ann);
  const second = people.join(bob);
  const third = people.join({ ...bob, account: 'cid', name: 'Cid' });
  const own = people.join(ann);
  people.leave(own);
  expect(people.driver).toBe(first);
  people.ask(third);
  people.leave(first);
  expect(people.driver).toBe(third);
  people.leave(third);
  expect(people.driver).toBe(second);
  people.leave(second);
  expect(people.driver).toBeNull();
});
