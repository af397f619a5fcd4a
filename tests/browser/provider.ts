import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Page } from '@playwright/test';
import { Server, dist } from './server.ts';

/** Secret that the server and the stand-in share. */
const SECRET = 'a-secret-of-at-least-thirty-two-characters';

/** Goes to the stand-in once the page is the program's: a press that is held while the program takes over is lost. */
export async function identify(page: Page): Promise<void> {
  await page.waitForFunction(() => performance.getEntriesByName('habilitation:ready').length > 0);
  await page.getByRole('link', { name: 'S’identifier avec ProConnect' }).click();
}

/** What the stand-in tells of itself. */
export interface Knobs {
  calls: Record<string, number>;
  kids: string[];
}

/** Settings of the stand-in that tests change on the way. */
export interface KnobsToSet {
  auto?: string;
  fail?: Record<string, number>;
  delay?: Record<string, number>;
  lie?: Record<string, { header?: Record<string, unknown>; claims?: Record<string, unknown> }>;
}

/** A stand-in for ProConnect in a process of its own. */
export class Provider {
  private process: ChildProcess | undefined;

  private constructor(
    private readonly environment: Record<string, string>,
    private port = '0',
  ) {}

  /** Its name in all that it signs. It stays, however often the stand-in starts again. */
  get issuer(): string {
    return `http://localhost:${this.port}/api/v2`;
  }

  static async start(environment: Record<string, string> = {}): Promise<Provider> {
    const provider = new Provider({ CLIENT_SECRET: SECRET, ...environment });
    await provider.up();
    return provider;
  }

  /** Starts it again, with other keys and nobody signed in. */
  async up(): Promise<void> {
    const child = spawn(process.execPath, [path.join(import.meta.dirname, 'proconnect.mjs')], {
      env: { ...process.env, ...this.environment, PORT: this.port },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const issuer = await new Promise<string>((resolve, reject) => {
      createInterface(child.stdout).once('line', resolve);
      child.once('error', reject);
      child.once('exit', (code) => reject(new Error(`the stand-in ended with ${code}`)));
    });
    this.process = child;
    this.port = new URL(issuer).port;
  }

  async down(): Promise<void> {
    const child = this.process;
    if (child === undefined) return;
    this.process = undefined;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await ended;
  }

  /** Says where the application is. */
  async serve(application: string): Promise<void> {
    this.environment['APP'] = new URL(application).origin;
    await this.tell('app', { origin: this.environment['APP'] });
  }

  set(knobs: KnobsToSet): Promise<Knobs> {
    return this.tell('knobs', { ...knobs });
  }

  /** Back to what is true and works. */
  async mend(): Promise<void> {
    await this.set({ auto: 'any', fail: {}, delay: {}, lie: {} });
  }

  knobs(): Promise<Knobs> {
    return this.tell('knobs', {});
  }

  rotateKeys(): Promise<Knobs> {
    return this.tell('keys', {});
  }

  person(person: Record<string, unknown>): Promise<Knobs> {
    return this.tell('people', person);
  }

  private async tell(what: string, body: Record<string, unknown>): Promise<Knobs> {
    const address = `http://127.0.0.1:${this.port}/_test/${what}`;
    const answer = await fetch(address, { method: 'POST', body: JSON.stringify(body) });
    return (await answer.json()) as Knobs;
  }
}

/** A server where people sign in with a stand-in, which knows it. */
export interface Registered {
  provider: Provider;
  server: Server;
  stop(): Promise<void>;
}

/** Starts both; `away` starts the server while the stand-in does not answer. `flags` are more of the server's settings. */
export async function registered(
  algorithm: 'ES256' | 'RS256' = 'ES256',
  away = false,
  flags: (issuer: string, folder: string) => Promise<string[]> = async () => [],
): Promise<Registered> {
  const provider = await Provider.start({ ALG: algorithm, AUTO: 'any' });
  const folder = await mkdtemp(path.join(os.tmpdir(), 'habilitation-secret-'));
  const file = path.join(folder, 'secret');
  await writeFile(file, `${SECRET}\n`);
  if (away) await provider.down();
  const server = await Server.start(dist, [
    ...['--proconnect-issuer', provider.issuer],
    ...['--proconnect-client-id', 'habilitation'],
    ...['--proconnect-secret-file', file],
    ...['--proconnect-algorithm', algorithm.toLowerCase()],
    ...(await flags(provider.issuer, folder)),
  ]);
  if (!away) {
    await provider.serve(server.address);
    await known(server);
  }
  const stop = async () => {
    await server.stop();
    await provider.down();
    await rm(folder, { recursive: true });
  };
  return { provider, server, stop };
}

/** Waits until the server knows the stand-in, which it asks for by itself. */
async function known(server: Server): Promise<void> {
  const status = async (): Promise<number> => {
    const answer = await fetch(new URL('api/proconnect/sign-in', server.address), { redirect: 'manual' });
    return answer.status;
  };
  while ((await status()) === 503) await new Promise((resolve) => setTimeout(resolve, 50));
}
