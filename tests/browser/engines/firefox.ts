/**
 * Firefox, driven by Marionette: the commands of WebDriver over a socket, each message preceded by its length. It is what
 * geckodriver speaks to Firefox, and needs no program between.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Command, type Engine, Refused } from './engine.ts';

const program = process.env['HABILITATION_FIREFOX'] ?? 'firefox-esr';

/** What is set besides what Firefox sets by itself when it is driven. */
const PREFERENCES: Record<string, boolean | number | string> = {
  // Any free port: it is written into the profile.
  'marionette.port': 0,
  'intl.accept_languages': 'fr-FR, fr',
  'intl.locale.requested': 'fr',
  // What pages write to their console is written out; what Firefox itself writes is nobody's business here.
  'devtools.console.stdout.content': true,
  'devtools.console.stdout.chrome': false,
  'browser.download.folderList': 2,
  'browser.download.alwaysOpenPanel': false,
  // A PDF is saved like any other file.
  'pdfjs.disabled': true,
  'browser.helperApps.neverAsk.saveToDisk': 'application/pdf, image/png, image/jpeg, application/json',
  // It talks to nobody by itself.
  'messaging-system.rsexperimentloader.enabled': false,
  'app.normandy.enabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
};

export class Firefox implements Engine {
  private readonly waiting = new Map<number, { done: (value: unknown) => void; failed: (error: Error) => void }>();
  private received = Buffer.alloc(0);
  private sent = 0;
  private heard: string[] = [];

  private constructor(
    private readonly process: ChildProcess,
    private readonly socket: Socket,
    private readonly profile: string,
    readonly downloads: string,
  ) {}

  static async start(): Promise<Firefox> {
    const profile = await mkdtemp(path.join(os.tmpdir(), 'habilitation-firefox-'));
    const downloads = path.join(profile, 'downloads');
    await mkdir(downloads);
    const preferences = Object.entries({ ...PREFERENCES, 'browser.download.dir': downloads });
    const lines = preferences.map(([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`);
    await writeFile(path.join(profile, 'user.js'), lines.join(''));
    // Its consoles are read from inside, which it allows when it is told so on the command line.
    const flags = ['--headless', '--marionette', '--remote-allow-system-access', '--no-remote', '--profile', profile];
    const child = spawn(program, flags, {
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { ...process.env, HOME: profile, TZ: 'Europe/Paris' },
    });
    const port = await portOf(child, path.join(profile, 'MarionetteActivePort'));
    const socket = connect(port, '127.0.0.1');
    const firefox = new Firefox(child, socket, profile, downloads);
    firefox.listen();
    await firefox.call('WebDriver:NewSession', { capabilities: { alwaysMatch: {} } });
    return firefox;
  }

  async command(name: Command, parameters: object = {}): Promise<unknown> {
    const answer = await this.call(`WebDriver:${name}`, parameters);
    // Some answers are wrapped in an object of one member, others are not.
    return answer !== null && typeof answer === 'object' && 'value' in answer ? answer.value : answer;
  }

  async complaints(): Promise<string[]> {
    await this.call('Marionette:SetContext', { value: 'chrome' });
    const script = `
      const heard = Services.console.getMessageArray()
        .filter((message) => message instanceof Ci.nsIScriptError)
        .filter(({ sourceName, category }) => !/^(chrome|resource|moz-\\w+|jar|about):/.test(sourceName) && !category.startsWith("chrome"))
        .map(({ category, sourceName, lineNumber, errorMessage }) => category + " at " + sourceName + ":" + lineNumber + ": " + errorMessage);
      Services.console.reset();
      return heard;`;
    const { value } = (await this.call('WebDriver:ExecuteScript', { script, args: [] })) as { value: string[] };
    await this.call('Marionette:SetContext', { value: 'content' });
    return [...value, ...this.heard.splice(0)];
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.process.once('exit', resolve));
    await this.call('Marionette:Quit', { flags: ['eForceQuit'] });
    await ended;
    this.socket.destroy();
    await rm(this.profile, { recursive: true, force: true });
  }

  private call(name: string, parameters: object): Promise<unknown> {
    this.sent += 1;
    const message = JSON.stringify([0, this.sent, name, parameters]);
    const answered = new Promise((done, failed) => this.waiting.set(this.sent, { done, failed }));
    this.socket.write(`${Buffer.byteLength(message)}:${message}`);
    return answered;
  }

  private listen(): void {
    this.socket.on('data', (bytes) => {
      this.received = Buffer.concat([this.received, bytes]);
      this.read();
    });
    this.socket.on('close', () => {
      for (const { failed } of this.waiting.values()) failed(new Error('Firefox is gone'));
    });
    let output = '';
    this.process.stdout?.setEncoding('utf8').on('data', (text: string) => {
      const lines = (output + text).split('\n');
      output = lines.pop() ?? '';
      // What pages say begins with a value; what Firefox says, with the name of a part of it.
      this.heard.push(...lines.filter((line) => /^console\.(error|warn|assert|trace): (?!\w+: ?$)/.test(line)));
    });
  }

  /** Takes whole messages, `length:json`, off what was received. */
  private read(): void {
    for (;;) {
      const colon = this.received.indexOf(':');
      const length = Number(this.received.subarray(0, Math.max(0, colon)).toString());
      const end = colon + 1 + length;
      if (colon < 0 || this.received.length < end) return;
      const message: unknown = JSON.parse(this.received.subarray(colon + 1, end).toString());
      this.received = this.received.subarray(end);
      // The first one is a greeting.
      if (!Array.isArray(message)) continue;
      const [, number, error, value] = message as [number, number, { error: string; message: string } | null, unknown];
      const { done, failed } = this.waiting.get(number) ?? {};
      this.waiting.delete(number);
      if (error) failed?.(new Refused(error.error, error.message));
      else done?.(value);
    }
  }
}

/** The port on which it listens, once it does. */
async function portOf(child: ChildProcess, file: string): Promise<number> {
  let failure: Error | undefined;
  child.once('error', (error) => (failure = error));
  child.once('exit', (code) => (failure ??= new Error(`${program} ended with ${code} before it was ready`)));
  for (;;) {
    if (failure) throw failure;
    const port = Number(await readFile(file, 'utf8').catch(() => ''));
    if (port > 0) return port;
    await pause(50);
  }
}
