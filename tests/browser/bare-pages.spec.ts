/**
 * Pages that the server writes whole: they look like the others, in light and dark, wide and narrow, and need no script.
 */
import { tolerate } from './complaints.ts';
import { expect, expectWellMade, test } from './harness.ts';

const NOT_FOUND = /Failed to load resource: .* 404 /;

for (const [address, title] of [
  ['nulle-part', 'Page introuvable'],
  ['api/accounts/links/E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstwcMM', 'Lien sans effet'],
] as const) {
  test(`« ${title} » is well made and leads on`, async ({ page }) => {
    tolerate(NOT_FOUND);
    await page.goto(address);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(title);
    await expect(page).toHaveTitle(new RegExp(`^${title} – `));
    await expect(page.getByRole('main').getByRole('link')).toBeVisible();
    // The policy takes the style, which the page would complain of otherwise.
    const { minHeight } = await page.locator('.button').evaluate((link) => getComputedStyle(link));
    expect(Number.parseFloat(minHeight)).toBeGreaterThanOrEqual(44);
    await expectWellMade(page);
  });
}
