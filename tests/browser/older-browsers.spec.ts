/**
 * Browsers that lack what lets tabs speak with one another or take turns: two tabs of one draft lose nothing there either.
 */
import type { BrowserContext } from '@playwright/test';
import { STALE, tolerate } from './complaints.ts';
import { expectStored, openTwice } from './draft.ts';
import { control } from './form.ts';
import { expect, expectSaved, test } from './harness.ts';

type Lacking = 'locks' | 'channels';

async function without(context: BrowserContext, lacking: readonly Lacking[]): Promise<void> {
  await context.addInitScript((names) => {
    if (names.includes('locks')) delete (Navigator.prototype as { locks?: unknown }).locks;
    if (names.includes('channels')) delete (window as { BroadcastChannel?: unknown }).BroadcastChannel;
  }, lacking);
}

for (const lacking of [['locks'], ['channels'], ['locks', 'channels']] as const) {
  test(`without ${lacking.join(' and ')}, answers given in two tabs at the same time are both kept`, async ({
    page,
    context,
  }) => {
    tolerate(STALE);
    await without(context, lacking);
    const [other, id] = await openTwice(page);
    expect(await page.evaluate(() => ['locks' in navigator, 'BroadcastChannel' in window])).toEqual([
      !lacking.some((name) => name === 'locks'),
      !lacking.some((name) => name === 'channels'),
    ]);
    await Promise.all([
      control(page, 'project.name').fill('Guichet citoyen'),
      control(other, 'project.yearly_volume').fill('4200'),
    ]);
    for (const tab of [page, other]) {
      await tab.getByRole('heading', { level: 1 }).click();
      await expect(control(tab, 'project.name')).toHaveValue('Guichet citoyen');
      await expect(control(tab, 'project.yearly_volume')).toHaveValue('4200');
      await expectSaved(tab);
      await expect(tab.getByRole('main')).not.toContainText('Deux versions');
    }
    await expectStored(page, id, {
      project: { name: 'Guichet citoyen', yearly_volume: '4200' },
    });
  });
}
