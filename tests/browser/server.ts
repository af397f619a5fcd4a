import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';

const root = path.resolve(import.meta.dirname, '../..');

/** The page as it was built. */
export const dist = process.env['HABILITATION_DIST'] ?? path.join(root, 'dist');

const program =
  process.env['HABILITATION_SERVER'] ?? path.join(root, 'target/debug/habilitation-server');

/** The real server, on a free port, with a data folder of its own. */
export class Server {
  private constructor(
    private readonly process: ChildProcess,
    private readonly data: string,
    private readonly said: string[],
    /** Where a browser finds it: `http://127.0.0.1:34567/`. */
    readonly address: string,
  ) {}

  static async start(folder: string = dist, flags: string[] = []): Promise<Server> {
    const data = await mkdtemp(path.join(os.tmpdir(), 'habilitation-'));
    const child = spawn(program, ['--listen', '127.0.0.1:0', '--data', data, '--dist', folder, ...flags], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const said: string[] = [];
    child.stderr.setEncoding('utf8').on('data', (text: string) => said.push(text));
    const address = await new Promise<string>((resolve, reject) => {
      createInterface(child.stdout).once('line', resolve);
      child.once('error', reject);
      child.once('exit', (code) =>
        reject(new Error(`the server ended with ${code} before it was ready:\n${said.join('')}`)),
      );
    });
    return new Server(child, data, said, address.trim());
  }

  /** Asks it to stop, and insists that it stops well. */
  async stop(): Promise<void> {
    const ended = new Promise<string>((resolve) => {
      const { exitCode, signalCode } = this.process;
      if (exitCode !== null || signalCode !== null) resolve(`${exitCode ?? signalCode}, before it was asked to`);
      else this.process.once('exit', (code, signal) => resolve(`${code ?? signal}`));
    });
    this.process.kill('SIGTERM');
    const ending = await ended;
    await rm(this.data, { recursive: true });
    if (ending !== '0') {
      throw new Error(`the server ended with ${ending}:\n${this.said.join('')}`);
    }
  }
}
