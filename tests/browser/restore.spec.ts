/**
 * A service that comes back from a backup: that it is as the tests believe.
 */
import { newId, sameOrigin, stored } from './api.ts';
import { expect, signIn, test } from './harness.ts';

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
