/**
 * What both drivers of navigation promise, the address bar of the stand-alone page and the memory of an element in a
 * portal: the same tests run against each.
 */
import type { Locator, Page } from '@playwright/test';
import { follow, goOn } from './form.ts';
import { expect, signedIn } from './harness.ts';
import { element, expectStepOf, openPortal, type Portal, signInFrom, test } from './portal.ts';

interface Driver {
  name: string;
  /** Shows a new request at its first step, to somebody signed in. */
  begin(page: Page, portal: Portal): Promise<Locator>;
}

const drivers: Driver[] = [
  {
    name: 'the address bar',
    async begin(page) {
      await signedIn(page);
      await page.goto('?demande=nouvelle');
      return page.locator('.habilitation');
    },
  },
  {
    name: 'memory',
    async begin(page, portal) {
      await openPortal(page, portal);
      await signInFrom(page);
      return element(page);
    },
  },
];

for (const { name, begin } of drivers) {
  test.describe(`navigation by ${name}`, () => {
    test('a link leads to its place, whose heading takes the focus', async ({ page, portal }) => {
      const shown = await begin(page, portal);
      await expectStepOf(shown, 'organisation');
      await shown.getByRole('link', { name: /Le projet/ }).click();
      await expectStepOf(shown, 'project');
      await expect(shown.getByRole('heading', { name: 'Le projet' })).toBeFocused();
      await expect(shown.getByRole('link', { name: /Le projet/ })).toHaveAttribute('aria-current', 'step');
      await shown.getByRole('link', { name: 'Mes demandes' }).click();
      await expect(shown.getByRole('heading', { name: 'Mes demandes' })).toBeFocused();
    });

    test('links are reached and followed by keyboard', async ({ page, portal }) => {
      const shown = await begin(page, portal);
      await expectStepOf(shown, 'organisation');
      await shown
        .getByRole('link', { name: /Les données/ })
        .first()
        .focus();
      await page.keyboard.press('Tab');
      await expect(shown.getByRole('link', { name: /Le niveau de garantie/ })).toBeFocused();
      await page.keyboard.press('Enter');
      await expectStepOf(shown, 'assurance');
    });

    test('an error of the same step leads to its field, one of another step through that step', async ({
      page,
      portal,
    }) => {
      const shown = await begin(page, portal);
      await expectStepOf(shown, 'organisation');
      await shown.getByRole('link', { name: /Le projet/ }).click();
      await expectStepOf(shown, 'project');
      await goOn(page);
      await expect(shown.locator('.error-summary')).toBeFocused();
      await shown.locator('.error-summary li').first().getByRole('link').click();
      await expect(shown.locator('[name="project.name"]')).toBeFocused();
      await shown.getByRole('link', { name: /Relire et envoyer/ }).click();
      await expectStepOf(shown, 'review');
      await follow(shown, /^Modifier\s+la réponse à «\sDestinataires/);
      await expectStepOf(shown, 'data');
      await expect(shown.locator('[name="data.recipients"]')).toBeFocused();
      await expect(shown.getByRole('link', { name: 'Revenir à la relecture' })).toBeVisible();
    });

    test('a new request takes the place of the wish for one', async ({ page, portal }) => {
      const shown = await begin(page, portal);
      await expectStepOf(shown, 'organisation');
      await shown.getByRole('link', { name: /Le projet/ }).click();
      await expectStepOf(shown, 'project');
      await shown.getByRole('link', { name: 'Précédent' }).click();
      await expectStepOf(shown, 'organisation');
    });
  });
}
