/**
 * What a first visit costs and how it is protected, as a browser sees it.
 */
import { createHash } from 'node:crypto';
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

test('every page forbids scripts and styles that are not its own files', async ({ page }) => {
  const answer = await page.goto('');
  const headers = answer?.headers() ?? {};
  const policy = headers['content-security-policy'] ?? '';
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("require-trusted-types-for 'script'");
  expect(policy).not.toMatch(/'unsafe-inline'|'unsafe-eval'|\*/);
  expect(headers).toMatchObject({
    'cache-control': 'no-cache',
    'content-encoding': 'br',
    'referrer-policy': expect.any(String),
    'x-content-type-options': 'nosniff',
  });
  const html = (await answer?.text()) ?? '';
  const inline = [/<script>(.*?)<\/script>/s, /<style[^>]*>(.*?)<\/style>/s].map((element) => {
    const text = element.exec(html)?.[1] ?? '';
    return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  });
  for (const hash of inline) expect(policy).toContain(hash);
  const others = await page.evaluate(() => ({
    scripts: [...document.scripts].filter(({ src, type }) => !src && type !== 'application/json').length,
    styles: document.querySelectorAll('style, [style]').length,
  }));
  expect(others).toEqual({ scripts: 1, styles: 1 });
});
