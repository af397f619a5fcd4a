/**
 * WebKit, driven by WebKitWebDriver over HTTP. The browser is the small one that comes with WebKitGTK; it needs a display,
 * and `cargo xtask test` runs this suite under a virtual one.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Command, COMMANDS, type Engine, Refused } from './engine.ts';

const driver = process.env['HABILITATION_WEBKIT_DRIVER'] ?? 'WebKitWebDriver';
const browser = process.env['HABILITATION_WEBKIT'] ?? '/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser';

export class WebKit implements Engine {
  private session = '';

  private constructor(
    private readonly process: ChildProcess,
    private readonly address: string,
    private readonly home: string,
  ) {}

  /** Where there are no folders for each kind of file, it is the home. */
  get downloads(): string {
    return this.home;
  }

  static async start(): Promise<WebKit> {
    const home = await mkdtemp(path.join(os.tmpdir(), 'habilitation-webkit-'));
    const port = await freePort();
    const child = spawn(driver, ['-p', String(port)], {
      stdio: 'ignore',
      env: {
        ...process.env,
        HOME: home,
        LANG: 'fr_FR.UTF-8',
        TZ: 'Europe/Paris',
        // Its sandbox does not work as root, which is who runs this in a container. It meets no pages but ours.
        WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1',
      },
    });
    let failure: Error | undefined;
    child.once('error', (error) => (failure = error));
    const webkit = new WebKit(child, `http://127.0.0.1:${port}`, home);
    while (!(await webkit.isReady())) {
      if (failure ?? child.exitCode !== null) throw failure ?? new Error(`${driver} ended with ${child.exitCode}`);
      await pause(50);
    }
    const options = { binary: browser, args: ['--automation'] };
    const capabilities = { alwaysMatch: { 'webkitgtk:browserOptions': options } };
    const { sessionId } = (await webkit.call('POST', 'session', { capabilities })) as { sessionId: string };
    webkit.session = sessionId;
    return webkit;
  }

  command(name: Command, parameters: object = {}): Promise<unknown> {
    const [method, template] = COMMANDS[name];
    const { id, ...rest } = parameters as { id?: string };
    return this.call(method, `session/${this.session}/${template.replace('{id}', id ?? '')}`, rest);
  }

  /** It tells none of what is on its consoles: its pages are listened to instead (`witness.ts`). */
  async complaints(): Promise<string[]> {
    return [];
  }

  async stop(): Promise<void> {
    await this.call('DELETE', `session/${this.session}`);
    const ended = new Promise((resolve) => this.process.once('exit', resolve));
    this.process.kill();
    await ended;
    await rm(this.home, { recursive: true, force: true });
  }

  private async isReady(): Promise<boolean> {
    const status = await this.call('GET', 'status').catch(() => undefined);
    return (status as { ready?: boolean } | undefined)?.ready === true;
  }

  private async call(method: string, where: string, parameters?: object): Promise<unknown> {
    const body = method === 'POST' ? JSON.stringify(parameters ?? {}) : null;
    const answer = await fetch(`${this.address}/${where}`, { method, body });
    const { value } = (await answer.json()) as { value: unknown };
    if (answer.ok) return value;
    const { error, message } = value as { error: string; message: string };
    throw new Refused(error, message);
  }
}

/** The driver cannot choose one by itself. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}
