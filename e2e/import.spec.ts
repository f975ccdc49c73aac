import { expect, test } from './fixtures/berth.ts';

test('guests by a file: the difference is shown before anything is done, each guest is done whole, and it goes back', async ({
  signedIn: page,
  berth,
}) => {
  await berth.berthJson(['guest', 'create', 'imp-a', '--tag', 'old', '--notes', 'before']);
  await berth.berthJson(['guest', 'create', 'imp-b']);
  const rows = page.getByRole('list', { name: 'Guests of the file' });
  const row = (name: string) =>
    rows.getByRole('listitem').filter({ has: page.getByRole('heading', { name, exact: true }) });

  await test.step('a file that is wrong says where', async () => {
    await page.getByRole('button', { name: 'Export and import' }).click();
    await page.getByRole('menuitem', { name: 'Import…' }).click();
    await expect(page).toHaveURL(/\/import$/);
    await page.getByLabel('Or paste it').fill('name,tags\nimp-a,web\nImp B,web\n');
    await page.getByRole('button', { name: 'Show what would change' }).click();
    await expect(row('Imp B')).toContainText('line 3');
    await expect(row('Imp B')).toContainText('lower-case letters');
    await page.getByRole('button', { name: 'Another file' }).click();
  });

  await test.step('what would change is shown, and nothing is done', async () => {
    const yaml = [
      'name: imp-a\ntags: [web]\nnotes: after\nlimits: {memory: 64 MiB}\n',
      'name: imp-b\n',
      'name: imp-c\nimage: berth/mini\nowner: admin\n',
      'name: imp-d\nowner: nobody-here\n',
    ].join('---\n');
    await page
      .getByLabel('File to import')
      .setInputFiles({ name: 'guests.yaml', mimeType: 'application/yaml', buffer: Buffer.from(yaml) });
    await expect(row('imp-a')).toContainText('changed');
    await expect(row('imp-a').getByRole('row', { name: /^tags/ })).toContainText(/old.*web/);
    await expect(row('imp-a').getByRole('row', { name: /^limits.memory/ })).toContainText('64 MiB');
    await expect(row('imp-c')).toContainText('new');
    await expect(row('imp-d')).toContainText('no user is called nobody-here');
    await expect(row('imp-b')).toHaveCount(0);
    await page.getByRole('button', { name: /^the same/ }).click();
    await expect(row('imp-b')).toContainText('the same');
    expect(await berth.berthJson(['guest', 'info', 'imp-a'])).toMatchObject({
      tags: ['old'],
      notes: 'before',
    });
    expect((await berth.berthJson<unknown[]>(['guest', 'ls'])).length).toBe(2);
  });

  await test.step('who changes a guest meanwhile is told and not overwritten; the rest is done', async () => {
    await berth.berthJson(['guest', 'set', 'imp-a', '--notes', 'meanwhile']);
    await page.getByRole('button', { name: 'Apply to 2 guests' }).click();
    await expect(page.getByRole('status').filter({ hasText: '1 of 2 done, 1 not' })).toBeVisible();
    await expect(row('imp-a')).toContainText('root has changed the notes of imp-a');
    expect(await berth.berthJson(['guest', 'info', 'imp-a'])).toMatchObject({
      tags: ['old'],
      notes: 'meanwhile',
    });
    expect(await berth.berthJson(['guest', 'info', 'imp-c'])).toMatchObject({
      owner: 'admin',
      state: 'stopped',
    });
  });

  await test.step('looked at again it is done, and undone', async () => {
    await page.getByRole('button', { name: 'Look again' }).click();
    await page.getByRole('button', { name: 'Apply to 1 guest', exact: true }).click();
    await expect(page.getByRole('status').filter({ hasText: '1 of 1 done' })).toBeVisible();
    expect(await berth.berthJson(['guest', 'info', 'imp-a'])).toMatchObject({
      tags: ['web'],
      notes: 'after',
    });
    await page.getByRole('button', { name: 'Undo 1 change…' }).click();
    await expect(row('imp-a').getByRole('row', { name: /^notes/ })).toContainText(/after.*meanwhile/);
    await page.getByRole('button', { name: 'Apply to 1 guest', exact: true }).click();
    await expect(page.getByRole('status').filter({ hasText: '1 of 1 done' })).toBeVisible();
    expect(await berth.berthJson(['guest', 'info', 'imp-a'])).toMatchObject({
      tags: ['old'],
      notes: 'meanwhile',
    });
  });

  await test.step('the command line does the same, and asks first', async () => {
    const yaml = (await berth.berth(['guest', 'ls', 'imp-a', '--yaml'])).stdout;
    expect(yaml).toContain('name: imp-a');
    const { mkdtempSync, rmSync, writeFileSync } = await import('node:fs');
    const folder = mkdtempSync('/tmp/berth-import-');
    const file = `${folder}/guests.yaml`;
    writeFileSync(file, yaml);
    expect((await berth.berth(['guest', 'import', file, '--dry-run'])).stdout).toContain(
      '0 new, 0 changed, 1 the same, 0 refused',
    );
    writeFileSync(file, yaml.replace('notes: meanwhile', 'notes: by the command'));
    expect((await berth.berth(['guest', 'import', file])).stderr).toContain('--yes');
    const done = await berth.berth(['guest', 'import', file, '--yes']);
    expect(done.stdout).toContain('notes: meanwhile → by the command');
    expect(await berth.berthJson(['guest', 'info', 'imp-a'])).toMatchObject({ notes: 'by the command' });
    rmSync(folder, { recursive: true });
  });
});
