/** Pages about accounts, and the link to another account, on a server where people sign in with a stand-in for ProConnect. */
import { tolerate } from './complaints.ts';
import { alive, BOOT, hold, PROGRAM } from './early.ts';
import { control, expectStep } from './form.ts';
import { expect, expectSaved, expectWellMade, test as base } from './harness.ts';
import { type Registered, registered } from './provider.ts';

const test = base.extend<{ fresh: Registered }, { registered: Registered }>({
  registered: [
    async ({}, use) => {
      const both = await registered();
      await use(both);
      await both.stop();
    },
    { scope: 'worker' },
  ],
  fresh: async ({ registered }, use) => {
    await registered.provider.mend();
    await use(registered);
  },
  baseURL: async ({ fresh }, use) => use(fresh.server.address),
});

for (const [part, file, pressed] of [
  ['the program is', PROGRAM, 'a[aria-busy]'],
  ['any script is', BOOT, '[data-early*="as=other"]'],
] as const)
  test(`the link to another account, pressed before ${part} there, waits and leaves nothing behind`, async ({
    page,
    fresh,
  }) => {
    await page.goto('?demande=nouvelle');
    await page.getByRole('link', { name: 'S’identifier avec ProConnect' }).click();
    await expectStep(page, 'organisation');
    await control(page, 'organisation.name').fill('Guichet discret');
    const kept = () => page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }));
    await expect.poll(kept).toContain('Guichet discret');
    await expectSaved(page);

    await fresh.provider.set({ auto: '' });
    const release = await hold(page, file);
    await page.goto('?page=connexion', { waitUntil: 'commit' });
    if (file === PROGRAM) await alive(page);
    await page.getByRole('link', { name: 'Changer de compte ou d’organisation' }).click();
    await expect(page.locator(pressed)).toBeVisible();
    expect(await kept()).toContain('Guichet discret');
    release();
    // The stand-in asks who comes: nobody has signed in since.
    await page.waitForURL(/interaction/);
    await page.goto('nulle-part', { waitUntil: 'commit' });
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Page introuvable');
    expect(await kept()).not.toContain('Guichet discret');
    tolerate(/nulle-part: Failed to load resource: .* 404 /);
  });

test('the page of a former account tells what is wrong with an address, at its control', async ({ page }) => {
  tolerate(/Failed to load resource: .* 422 /);
  await page.goto('?page=demandes');
  await page.getByRole('link', { name: 'S’identifier avec ProConnect' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Mes demandes');
  await page.goto('api/accounts/former');
  await expectWellMade(page);
  const email = page.getByLabel('Adresse e-mail de ce compte');
  // Browsers take what has an @; what we send mails to has more.
  await email.fill('noemie@commune');
  await page.getByRole('button', { name: 'Envoyer le lien' }).click();
  await expect(email).toBeFocused();
  await expect(email).toHaveValue('noemie@commune');
  await expect(email).toHaveAccessibleDescription(/pas complète/);
  await expectWellMade(page);
  await email.fill('noemie.loeb@vallon-les-pres.example');
  await page.getByRole('button', { name: 'Envoyer le lien' }).click();
  await expect(page.getByRole('main')).toContainText('Si un compte existe à cette adresse');
  await expectWellMade(page);
});
