/**
 * What a first visit costs, as a browser sees it.
 */
import { readFile } from 'node:fs/promises';
import { expect, test } from './harness.ts';

/** Bytes that a first visit may transfer: the budget that the build is held to. */
async function budget(): Promise<number> {
  const source = await readFile(new URL('../../crates/xtask/src/build/weight.rs', import.meta.url), 'utf8');
  const [, kilobytes] = /FIRST_VISIT_BUDGET: u64 = (\d+) \* KILOBYTE;/.exec(source) ?? [];
  return Number(kilobytes) * 1_024;
}

test('a first visit transfers no more than its budget, and nothing from elsewhere', async ({ page, server }) => {
  const sizes: Promise<number>[] = [];
  const addresses: string[] = [];
  page.on('requestfinished', (request) => {
    addresses.push(request.url());
    // What comes once the page is idle is no part of it.
    if (/_(rest|sent|chunk_\d+)\.wasm$/.test(request.url())) return;
    sizes.push(request.sizes().then(({ responseBodySize }) => responseBodySize));
  });
  await page.goto('', { waitUntil: 'networkidle' });
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  const bytes = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
  expect(addresses.some((address) => address.endsWith('.wasm'))).toBe(true);
  expect(addresses.filter((address) => !address.startsWith(server.address))).toEqual([]);
  expect(bytes).toBeLessThanOrEqual(await budget());
});
