import { closeSync, openSync } from 'node:fs';
import { expect, test } from 'vitest';
import { applyFirewall } from './firewall.ts';

test('a process with thousands of open files still sets its firewall', async () => {
  const files: number[] = [];
  try {
    while ((files.at(-1) ?? 0) < 1500) files.push(openSync('/dev/null', 'r'));
    const table = `berth_f${process.pid}`;
    await applyFirewall(`add table inet ${table}\ndelete table inet ${table}`);
    await expect(applyFirewall('add rule inet nowhere nothing accept')).rejects.toMatchObject({
      message: expect.stringContaining('No such file or directory'),
    });
    // The table of descriptors is the thread's own: nothing of ours was closed.
    for (const file of files.splice(0)) closeSync(file);
  } finally {
    for (const file of files) closeSync(file);
  }
});
