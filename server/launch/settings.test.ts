import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { consoleUrl } from '../instance/console-url.ts';
import { DEFAULT_SETTINGS, readSettings, writeSettings } from './settings.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'berth-settings-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

describe('settings', () => {
  it('are the defaults in a new folder, and what was written after that', () => {
    expect(readSettings(dir)).toEqual(DEFAULT_SETTINGS);
    const own = { ...DEFAULT_SETTINGS, port: 9443, address: '127.0.0.1' };
    writeSettings(dir, own);
    expect(readSettings(dir)).toEqual(own);
  });

  it.each(['{', '{"port": "many"}', '{"port": 80}', '[]'])(
    'a damaged file (%s) is named, and left alone',
    (text) => {
      writeFileSync(path.join(dir, 'settings.json'), text);
      expect(() => readSettings(dir)).toThrow(/settings\.json is damaged/);
    },
  );

  it('make a URL that a browser on this host can open', () => {
    expect(consoleUrl(DEFAULT_SETTINGS)).toBe('https://localhost:8443');
    expect(consoleUrl({ ...DEFAULT_SETTINGS, address: '::1', plainHttp: true })).toBe('http://[::1]:8443');
    expect(consoleUrl({ ...DEFAULT_SETTINGS, publicOrigins: ['https://berth.example'] })).toBe(
      'https://berth.example',
    );
  });
});
