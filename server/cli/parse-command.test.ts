import { describe, expect, test } from 'vitest';
import type { CommandSpec } from './command.ts';
import { COMMANDS } from './commands.ts';
import { findCommand } from './find-command.ts';
import { parseCommand } from './parse-command.ts';

const spec: CommandSpec = {
  usage: '',
  options: {
    force: { type: 'boolean', short: 'f', help: '' },
    memory: { type: 'string', value: 'SIZE', help: '' },
    env: { type: 'string', multiple: true, help: '' },
  },
  names: { min: 1, max: 2, what: 'a guest' },
  rest: 'a command',
  run: () => Promise.resolve(0),
};
const wrong = (message: string) => expect.objectContaining({ code: 'bad_input', message });

describe('the options of a command', () => {
  test('may stand anywhere before --, and what follows -- is left alone', () => {
    const parsed = parseCommand('x y', spec, [
      '--memory=1G',
      'a',
      '-f',
      '--env',
      'A=1',
      '--env',
      'B=',
      '--',
      'ls',
      '--force',
      '--',
    ]);
    expect(parsed.names).toEqual(['a']);
    expect(parsed.rest).toEqual(['ls', '--force', '--']);
    expect(parsed.values).toMatchObject({ memory: '1G', force: true, env: ['A=1', 'B='] });
  });

  test.each<[string[], string]>([
    [['a', '--memry', '1'], 'x y has no option --memry: did you mean --memory?'],
    [['a', '--zzzzzzzz'], 'x y has no option --zzzzzzzz: see berth help x y'],
    [['a', '-z'], 'x y has no option -z: see berth help x y'],
    [['a', '--memory'], '--memory needs a value: --memory SIZE'],
    [['a', '--force=1'], '--force takes no value'],
    [[], 'x y needs a guest: see berth help x y'],
    [['a', 'b', 'c'], '"c" is too much for x y; a command comes after --: berth x y a -- c'],
  ])('%j is told to be wrong', (args, message) => {
    expect(() => parseCommand('x y', spec, args)).toThrow(wrong(message));
  });
});

describe('the words of a command', () => {
  test('find it, also by an alias and behind common options', () => {
    expect(findCommand(['guest', 'ls', '--json'])).toEqual({
      type: 'command',
      name: 'guest ls',
      args: ['--json'],
    });
    expect(findCommand(['guest', 'delete', 'a'])).toEqual({ type: 'command', name: 'guest rm', args: ['a'] });
    expect(findCommand(['--data', '/d', '--json', 'host', 'info'])).toEqual({
      type: 'command',
      name: 'host info',
      args: ['--data', '/d', '--json'],
    });
    expect(findCommand(['help', 'guest', 'ls'])).toEqual({ type: 'help', words: ['guest', 'ls'] });
    expect(findCommand([])).toEqual({ type: 'help', words: [] });
  });

  test.each<[string[], string]>([
    [['gest', 'ls'], 'there is no command "gest": did you mean guest?'],
    [['statsu'], 'there is no command "statsu": did you mean status?'],
    [['exec', 'a'], 'there is no command "exec": did you mean guest exec?'],
    [['guest', 'strat', 'a'], 'guest has no verb "strat": did you mean start?'],
    [['image', 'frobnicate'], 'image has no verb "frobnicate": it has ls, build, rm'],
    [['--frob'], 'a command comes first, --frob is an option: see berth help'],
  ])('%j suggests what was meant', (args, message) => {
    expect(() => findCommand(args)).toThrow(wrong(message));
  });
});

test('every command of the table loads and has its usage', async () => {
  for (const [name, entry] of Object.entries(COMMANDS)) {
    const command = await entry.load();
    expect(command.names.max, name).toBeGreaterThanOrEqual(command.names.min);
    if (command.names.min > 0) expect(command.usage, name).toMatch(/^[A-Z]/);
  }
});
