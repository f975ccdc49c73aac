import { expect, test } from 'vitest';
import { parseQuery } from '../../server/guest/query-schema.ts';
import { nameSearch } from './use-guests-called.ts';

test('what is typed is looked for in names alone, whatever it would mean in a search', () => {
  expect(nameSearch('')).toBe('');
  expect(nameSearch('web 1', 'state:running')).toBe('state:running name:web name:1');
  expect(nameSearch('tag:web -x a,b " "" c"')).toBe('name:tag:web name:-x name:"a,b" name:c');
  for (const { problem, test: found } of parseQuery(nameSearch('state:nothing mem>5 "'))) {
    expect(problem).toBeNull();
    expect(found).toMatchObject({ kind: 'word', key: 'name' });
  }
});
