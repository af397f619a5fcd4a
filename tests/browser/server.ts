import { type ChildProcess, spawn } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';

const root = path.resolve(import.meta.dirname, '../..');

/** The page as it was built. */
export const dist = process.env['HABILITATION_DIST'] ?? path.join(root, 'dist');

const program = process.env['HABILITATION_SERVER'] ?? path.join(root, 'target/debug/habilitation-server');

/** The real server, on a free port, with a data folder of its own. */
export class Server {
  private process: ChildProcess | undefined;
  private readonly said: string[] = [];
  private readonly backups: string[] = [];
  /** Where a browser finds it: `http://127.0.0.1:34567/`. It stays, however often the server starts again. */
  address = 'http://127.0.0.1:0/';

  private constructor(
    private readonly data: string,
    private readonly folder: string,
    private readonly flags: string[],
  ) {}

  static async start(folder: string = dist, flags: string[] = []): Promise<Server> {
    const server = new Server(await temporary(), folder, flags);
    await server.up();
    return server;
  }

  /** Starts it again, at the same address and with what its data folder holds. */
  async up(): Promise<void> {
    const { host } = new URL(this.address);
    const child = spawn(program, ['--listen', host, '--data', this.data, '--dist', this.folder, ...this.flags], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => this.said.push(text));
    const address = await new Promise<string>((resolve, reject) => {
      createInterface(child.stdout).once('line', resolve);
      child.once('error', reject);
      child.once('exit', (code) =>
        reject(new Error(`the server ended with ${code} before it was ready:\n${this.said.join('')}`)),
      );
    });
    this.process = child;
    this.address = address.trim();
  }

  /** The mails that it wrote to files, as they are read. */
  async mails(): Promise<string[]> {
    const folder = path.join(this.data, 'mail');
    const names = await readdir(folder).catch((): string[] => []);
    const files = await Promise.all(
      names.filter((name) => name.endsWith('.eml')).map((name) => readFile(path.join(folder, name), 'latin1')),
    );
    return files.map(readable);
  }

  /** Asks it to stop, and insists that it stops well. Its data folder stays. */
  async down(): Promise<void> {
    const child = this.process;
    if (child === undefined) return;
    this.process = undefined;
    const ended = new Promise<string>((resolve) => {
      const { exitCode, signalCode } = child;
      if (exitCode !== null || signalCode !== null) resolve(`${exitCode ?? signalCode}, before it was asked to`);
      else child.once('exit', (code, signal) => resolve(`${code ?? signal}`));
    });
    child.kill('SIGTERM');
    const ending = await ended;
    if (ending !== '0') {
      throw new Error(`the server ended with ${ending}:\n${this.said.join('')}`);
    }
  }

  /** A copy of all that it holds, database and documents, as {@link restore} takes it. It is stopped meanwhile. */
  async backup(): Promise<string> {
    const copy = await temporary();
    this.backups.push(copy);
    await this.down();
    await cp(this.data, copy, { recursive: true });
    await this.up();
    return copy;
  }

  /** Comes back as it was when this copy was taken. What it has learnt since is gone. */
  async restore(copy: string): Promise<void> {
    await this.down();
    await rm(this.data, { recursive: true });
    await cp(copy, this.data, { recursive: true });
    await this.up();
  }

  /** Stops it for good. */
  async stop(): Promise<void> {
    try {
      await this.down();
    } finally {
      for (const folder of [this.data, ...this.backups]) await rm(folder, { recursive: true });
    }
  }
}

function temporary(): Promise<string> {
  return mkdtemp(path.join(os.tmpdir(), 'habilitation-'));
}

/** A mail without the escapes of quoted-printable (RFC 2045, section 6.7). */
function readable(mail: string): string {
  const bytes = mail
    .replace(/=\r?\n/g, '')
    .replace(/=([\dA-F]{2})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
