import { defineConfig } from '@playwright/test';
import type { EngineOptions } from './harness.ts';

/**
 * The main journeys in the engines that Playwright's own builds cannot bring here. Playwright is the runner alone: the
 * browsers are those of the system, driven by WebDriver.
 */
export default defineConfig<object, EngineOptions>({
  testDir: '.',
  testMatch: '*.journey.ts',
  // One worker an engine, as a rule: a browser is started once for each of them.
  fullyParallel: true,
  workers: 2,
  retries: 0,
  forbidOnly: true,
  outputDir: '../results/engines',
  reporter: [['list'], ['json', { outputFile: '../results/engines.json' }]],
  timeout: 90_000,
  expect: { timeout: 15_000 },
  projects: [
    { name: 'firefox', use: { engineName: 'firefox' } },
    // WebKitGTK 2.50 itself crashes in the longest journey, in one run of 28 on a machine that does nothing else. That a request
    // is filled, kept across a reload and submitted there is shown on the static host and in the portal.
    { name: 'webkit', testIgnore: 'forms.journey.ts', use: { engineName: 'webkit' } },
  ],
});
