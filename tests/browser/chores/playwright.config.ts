import { defineConfig } from '@playwright/test';
import { browser } from '../browser.ts';

/** Chores that need the browser and the server, and are no tests. */
export default defineConfig({
  testDir: '.',
  testMatch: '*.ts',
  // Nothing runs beside a measurement.
  workers: 1,
  outputDir: '../results/chores',
  reporter: 'list',
  timeout: 600_000,
  use: browser,
});
