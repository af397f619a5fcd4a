/**
 * A service that comes back from a backup, and a device whose clock is set: that both are as the tests believe.
 */
import { newId, sameOrigin, stored } from './api.ts';
import { setClock, until } from './clock.ts';
import { open } from './draft.ts';
import { control } from './form.ts';
import { expect, expectSaved, signIn, test } from './harness.ts';

test('a restored server knows what it knew then, at the same address', async ({ page, server }) => {
  await signIn(page);
  const id = newId();
  const save = async (name: string, known: Record<string, string>): Promise<number> => {
    const draft = { project: { name } };
    const headers = { ...(await sameOrigin(page)), ...known };
    return (await page.request.put(`api/requests/${id}`, { data: { schema: 1, draft }, headers })).status();
  };
  expect(await save('Before', { 'If-None-Match': '*' })).toBe(201);
  const { address } = server;
  const copy = await server.backup();
  expect(await save('After', { 'If-Match': '"1"' })).toBe(200);
  expect((await stored(page, id)).revision).toBe(2);
  await server.restore(copy);
  expect(server.address).toBe(address);
  expect(await stored(page, id)).toMatchObject({ revision: 1, draft: { project: { name: 'Before' } } });
});

test('a clock that is set is what the page goes by, after a reload too', async ({ page }) => {
  await open(page);
  await setClock(page, until('2015-03-01T09:30:00Z'));
  expect(await page.evaluate(() => [new Date().getFullYear(), Date.now() < 1_500_000_000_000])).toEqual([2015, true]);
  await control(page, 'project.name').fill('Guichet citoyen');
  await expectSaved(page);
  await page.reload();
  await expect(control(page, 'project.name')).toHaveValue('Guichet citoyen');
  expect(await page.evaluate(() => new Date().getFullYear())).toBe(2015);
  await setClock(page, 0);
  // biome-ignore lint/complexity/useDateNow: the two have to agree
  expect(await page.evaluate(() => Math.abs(Date.now() - new Date().getTime()))).toBeLessThan(1_000);
});
