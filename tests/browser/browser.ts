import type { PlaywrightTestOptions, PlaywrightWorkerOptions } from '@playwright/test';

type Options = Partial<PlaywrightTestOptions & PlaywrightWorkerOptions>;

/** The system's Chromium, which talks to nobody by itself. Measurements and pictures are made in it. */
export const browser: Options = chromium(process.env['HABILITATION_CHROMIUM'] ?? '/usr/bin/chromium');

/** The same without windows: the tests take half the time in it. */
export const headless: Options = chromium(
  process.env['HABILITATION_HEADLESS_CHROMIUM'] ?? '/usr/bin/chromium-headless-shell',
);

function chromium(executablePath: string): Options {
  return {
    browserName: 'chromium',
    launchOptions: {
      executablePath,
      args: [
        '--disable-gpu',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--no-first-run',
      ],
    },
    locale: 'fr-FR',
    timezoneId: 'Europe/Paris',
  };
}
