import { defineConfig } from '@playwright/test';
import { headless } from './browser.ts';

/** The tests proper. The chores that only need a browser are in chores/. */
export default defineConfig({
  testDir: '.',
  testMatch: '*.spec.ts',
  fullyParallel: true,
  // A test waits for a moment to come more than it computes: four keep two cores busy.
  workers: 4,
  // A test that passes only when tried again is a defect.
  retries: 0,
  forbidOnly: true,
  outputDir: 'results/traces',
  snapshotPathTemplate: 'snapshots/{arg}{ext}',
  reporter: [['list'], ['json', { outputFile: 'results/report.json' }]],
  timeout: 60_000,
  expect: { timeout: 10_000 },
  // What a test does to the network reaches no request that a service worker makes: those that want one say so.
  use: {
    ...headless,
    serviceWorkers: 'block',
    // A trace takes a sixth of the time. `-- --trace retain-on-failure` brings one.
    trace: 'off',
  },
});
