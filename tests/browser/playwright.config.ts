import { defineConfig } from '@playwright/test';
import { headless } from './browser.ts';

/** The tests proper. The chores that only need a browser are in chores/. */
export default defineConfig({
  testDir: '.',
  testMatch: '*.spec.ts',
  fullyParallel: true,
  workers: 2,
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
    // Calls and actions alone: pictures and snapshots double the time. `-- --trace retain-on-failure` brings them.
    trace: { mode: 'retain-on-failure', screenshots: false, snapshots: false, sources: false },
  },
});
