/**
 * A file server that knows nothing of the page: no rewriting, no headers but the type and those that a test adds.
 */
import { createReadStream, existsSync, statSync } from 'node:fs';
import { cp, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { dist } from './server.ts';

const TYPES: Record<string, string> = {
  '.css': 'text/css',
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain',
  '.wasm': 'application/wasm',
};

/** Copies of the built page in folders of a file server. */
export class FileServer {
  /** Headers that every answer carries besides its type. */
  headers: Record<string, string> = {};
  /** Whether it sends the compressed copies that stand beside the files, as good hosts do. */
  compressed = false;
  /** What is answered where there is no file, as if there were: some hosts have such a file. */
  fallback: string | undefined;

  private server: Server | undefined;
  private port = 0;

  private constructor(private readonly root: string) {}

  /** A file server with a copy of the page in each of these folders. */
  static async start(...places: string[]): Promise<FileServer> {
    const files = new FileServer(await mkdtemp(path.join(os.tmpdir(), 'habilitation-static-')));
    for (const place of places) await cp(dist, path.join(files.root, place), { recursive: true });
    await files.listen();
    return files;
  }

  /** Where a browser finds a copy: `http://127.0.0.1:34567/a/b/c/`. */
  address(place: string): string {
    return `http://127.0.0.1:${this.port}/${place}/`;
  }

  /** Answers again, at the same addresses. */
  async listen(): Promise<void> {
    const server = createServer((request, response) => {
      const { pathname } = new URL(request.url ?? '', 'http://localhost');
      const asked = path.join(this.root, pathname.replace(/\/$/, '/index.html'));
      const file = statSync(asked, { throwIfNoEntry: false })?.isFile() ? asked : this.fallback;
      const brotli = this.compressed && file !== undefined && existsSync(`${file}.br`);
      response.writeHead(file ? 200 : 404, {
        ...this.headers,
        'Content-Type': TYPES[path.extname(file ?? '')] ?? 'text/plain',
        ...(brotli && { 'Content-Encoding': 'br' }),
      });
      if (file) createReadStream(brotli ? `${file}.br` : file).pipe(response);
      else response.end('Not found');
    });
    await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', resolve));
    this.port = (server.address() as AddressInfo).port;
    this.server = server;
  }

  /** Is out of reach from now on. */
  async fallSilent(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    server?.closeAllConnections();
    await new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve()));
  }

  async stop(): Promise<void> {
    await this.fallSilent();
    await rm(this.root, { recursive: true });
  }

  /** A file of a copy on disk. */
  file(place: string, name: string): string {
    return path.join(this.root, place, name);
  }

  /** Replaces words of index.html. */
  async edit(place: string, change: (html: string) => string): Promise<void> {
    const file = this.file(place, 'index.html');
    await writeFile(file, change(await readFile(file, 'utf8')));
  }

  /** Puts another build in place of a copy: other names for the program and its loader, and a title to know it by. */
  async rebuild(place: string, title: string): Promise<void> {
    const names = await readdir(this.file(place, ''));
    const old = /^habilitation-([0-9a-f]+)\.js$/;
    const hash = names.map((name) => old.exec(name)?.[1]).find((found) => found !== undefined) ?? '';
    const other = [...hash].reverse().join('');
    for (const name of names.filter((name) => name.includes(hash))) {
      await rename(this.file(place, name), this.file(place, name.replaceAll(hash, other)));
    }
    await this.edit(place, (html) =>
      html
        .replaceAll(hash, other)
        .replace(/<div id="?shell"?/, `$& data-build="${title}"`)
        .replace('<title>', `<meta name="build" content="${title}"><title>`),
    );
  }
}
