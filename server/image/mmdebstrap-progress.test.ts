import { expect, test } from 'vitest';
import { MmdebstrapProgress } from './mmdebstrap-progress.ts';

/** What mmdebstrap 1.3 says, shortened. */
const SAYS = [
  'I: automatically chosen format: directory',
  'I: running apt-get update...',
  'I: downloading packages with apt...',
  'I: extracting archives...',
  'I: installing essential packages...',
  'Setting up base-files (12.4+deb12u11) ...',
  'I: installing remaining packages inside the chroot...',
  'Setting up systemd (252.39-1~deb12u1) ...',
  'I: cleaning package lists and apt cache...',
];

test('the fraction only grows, however the output is cut into pieces', () => {
  const text = SAYS.map((line) => `${line}\r\n`).join('');
  const whole = new MmdebstrapProgress();
  whole.feed(text);
  for (const size of [1, 3, 17]) {
    const progress = new MmdebstrapProgress();
    let before = 0;
    for (let at = 0; at < text.length; at += size) {
      progress.feed(text.slice(at, at + size));
      expect(progress.fraction).toBeGreaterThanOrEqual(before);
      before = progress.fraction;
    }
    expect(progress.fraction).toBe(whole.fraction);
    expect(progress.message).toBe('cleaning up');
  }
  expect(whole.fraction).toBeGreaterThan(0.9);
  expect(whole.fraction).toBeLessThan(1);
});

test('the message follows the packages, without colours', () => {
  const progress = new MmdebstrapProgress();
  progress.feed('\u001b[32mI: installing essential packages...\u001b[0m\n');
  expect(progress.message).toBe('installing the essential packages');
  progress.feed('\u001b[1mSetting up libc6:amd64 (2.36-9) ...\u001b[0m\n');
  expect(progress.message).toBe('setting up libc6:amd64');
});

test('many packages do not carry one stage into the next', () => {
  const progress = new MmdebstrapProgress();
  progress.feed('I: installing essential packages...\n');
  progress.feed('Setting up one (1) ...\n'.repeat(500));
  expect(progress.fraction).toBeGreaterThan(0.5);
  expect(progress.fraction).toBeLessThan(0.55);
});

test('the first error is kept: it is the cause of the others', () => {
  const progress = new MmdebstrapProgress();
  expect(progress.error).toBeNull();
  progress.feed('Err:1 http://deb.debian.org/debian bookworm InRelease\r\n');
  progress.feed('E: Failed to fetch http://deb.debian.org/debian  Connection refused\r\n');
  progress.feed('E: apt-get update failed\r\nE: mmdebstrap failed to run\r\n');
  expect(progress.error).toBe('Failed to fetch http://deb.debian.org/debian  Connection refused');
});
