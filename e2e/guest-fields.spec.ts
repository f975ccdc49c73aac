import { expect, test } from './fixtures/berth.ts';

const dayIn = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

test('a project defines fields: they are on the page of a guest, a column, a search and a file; a guest that expires is marked', async ({
  signedIn: page,
  berth,
}) => {
  await test.step('a project gets fields, and says what is wrong with one', async () => {
    await berth.berthJson(['project', 'create', 'fields']);
    await page.goto(`${berth.url}/projects`);
    await page.getByRole('button', { name: 'Edit fields' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Add field' }).click();
    await dialog.getByLabel('Name').fill('Stage');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await expect(dialog.getByText('a field is named with lower-case letters')).toBeVisible();
    await dialog.getByLabel('Name').fill('stage');
    await dialog.getByLabel('Type').click();
    await page.getByRole('option', { name: 'choice' }).click();
    await dialog.getByLabel('Choices').fill('test, prod');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await expect(dialog).toHaveCount(0);
    await berth.berthJson(['project', 'set', 'fields', '--field', 'cost:number']);
  });

  await test.step('the page of a guest takes them, and refuses what is none', async () => {
    const add = ['guest', 'create', 'field-a', '--project', 'fields', '--field', 'cost=12'];
    await berth.berthJson([...add, '--expires', '5d', '--link', 'Runbook https://example.com/run']);
    await page.goto(`${berth.url}/guests/field-a`);
    await expect(page.getByLabel('notice').getByText('It expires in 5 days')).toBeVisible();
    await expect(page.getByRole('link', { name: 'Runbook' })).toHaveAttribute('rel', /noopener/);
    await page.getByRole('button', { name: 'Change the stage' }).click();
    await page.getByLabel('stage').click();
    await page.getByRole('option', { name: 'prod' }).click();
    await page.getByRole('button', { name: 'Save' }).click();
    // The form has the word too, and so has its list while it closes.
    await expect(page.getByRole('combobox', { name: 'stage' })).toHaveCount(0);
    await expect(page.getByText('prod', { exact: true })).toBeVisible();
    await page.getByRole('button', { name: 'Change the cost' }).click();
    await page.getByLabel('cost').fill('much');
    await page.getByRole('button', { name: 'Save' }).click();
    await expect(page.getByText('cost is a number, not much')).toBeVisible();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('button', { name: 'Change the contact' }).click();
    await page.getByLabel('Contact').fill('ops, 4711');
    await page.getByRole('button', { name: 'Save' }).click();
    await expect(page.getByText('ops, 4711')).toBeVisible();
    await page.getByRole('button', { name: 'Add a link' }).click();
    await page.getByLabel('Title of the link').fill('Bad');
    await page.getByLabel('Address of the link').fill('javascript:alert(1)');
    await page.getByRole('button', { name: 'Add link' }).click();
    await expect(page.getByText('a link begins with http:// or https://')).toBeVisible();
    await page.getByLabel('Address of the link').fill('https://example.com/wiki');
    await page.getByRole('button', { name: 'Add link' }).click();
    await expect(page.getByRole('link', { name: 'Bad' })).toBeVisible();
  });

  await test.step('of two who change one field the second is told', async () => {
    await page.getByRole('button', { name: 'Change the cost' }).click();
    await page.getByLabel('cost').fill('13');
    await berth.berthJson(['guest', 'set', 'field-a', '--field', 'cost=99']);
    await page.getByRole('button', { name: 'Save' }).click();
    await expect(
      page.getByText(/root has changed the field cost of field-a meanwhile.*it is 99 now/),
    ).toBeVisible();
    await page.getByRole('button', { name: 'Take theirs' }).click();
    await expect(page.getByText('99', { exact: true })).toBeVisible();
  });

  await test.step('the day is changed, and what happens then chosen', async () => {
    await page.getByRole('button', { name: 'Change the expiry' }).click();
    await page.getByLabel('Expiry').fill(dayIn(1));
    await page.getByLabel('What happens then').click();
    await page.getByRole('option', { name: 'it is stopped then' }).click();
    await page.getByRole('button', { name: 'Save' }).click();
    await expect(
      page.getByLabel('notice').getByText(/It expires tomorrow .*, and is stopped then/),
    ).toBeVisible();
  });

  await test.step('they are searched, columns and in files', async () => {
    await page.goto(
      `${berth.url}/guests?q=field:stage=prod+expires:<7d&columns=name,expires,field:stage,field:cost`,
    );
    const row = page.getByRole('grid', { name: 'Guests' }).getByRole('row', { name: /field-a/ });
    await expect(row.getByText(dayIn(1))).toBeVisible();
    await expect(row.getByText('99')).toBeVisible();
    await expect(row.getByLabel('expires tomorrow')).toBeVisible();
    await page.getByRole('button', { name: 'cost' }).click();
    await expect(page).toHaveURL(/sort=field:cost/);
    const search = page.getByRole('combobox', { name: 'Filter guests' });
    await search.fill('field:sta');
    await page.getByRole('option', { name: 'stage=prod' }).click();
    await expect(row).toBeVisible();
    const csv = await berth.berth(['guest', 'ls', 'field:cost>90', '--csv']);
    expect(csv.stdout).toMatch(
      /,expires,at expiry,[\w.,]*field:cost,field:stage\r?\n[\s\S]*field-a,[\s\S]*,stop,[\d.,]*99,prod/,
    );
    await page.goto(`${berth.url}/guests/field-a/configuration`);
    await page
      .getByRole('radio', { name: 'YAML' })
      .or(page.getByRole('button', { name: 'YAML' }))
      .first()
      .click();
    await expect(page.getByRole('textbox', { name: /YAML|configuration/i })).toHaveValue(/stage: prod/);
  });
});
