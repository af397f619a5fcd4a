/**
 * The device's clock is set: no answer that only this device has goes by it.
 */
import { stored } from './api.ts';
import { setClock, until } from './clock.ts';
import { open } from './draft.ts';
import { control } from './form.ts';
import { expect, expectSaved, line, NO_ANSWER, STALE, unreliable as test } from './harness.ts';

for (const [words, moment] of [
  ['years behind', '2015-03-01T09:30:00Z'],
  ['years ahead', '2040-03-01T09:30:00Z'],
] as const) {
  test(`what was typed without a service while the clock was ${words} is there, and saved, once it is right`, async ({
    page,
    network,
    tolerated,
  }) => {
    tolerated.push(NO_ANSWER, STALE);
    const id = await open(page);
    await setClock(page, until(moment));
    await page.reload();
    await expectSaved(page);
    network.down();
    await control(page, 'project.name').fill('Guichet citoyen');
    await expect(line(page)).toContainText('gardé sur cet appareil');
    network.up();
    network.onSave('lost');
    await setClock(page, 0);
    await page.reload();
    await expect(control(page, 'project.name')).toHaveValue('Guichet citoyen');
    network.up();
    await expectSaved(page);
    expect((await stored(page, id)).draft).toMatchObject({ project: { name: 'Guichet citoyen' } });
  });
}
