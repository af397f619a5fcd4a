/**
 * A network that can be told to misbehave: it stands between the browser and the server, on an
 * address of its own, and does whatever a proxy, a firewall or a line that breaks may do.
 */
import {
  createServer,
  request as send,
  type IncomingMessage,
  type Server as HttpServer,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** What becomes of a call. */
export type Fate =
  /** It goes through. */
  | 'pass'
  /** It is lost on the way there: the server never sees it. */
  | 'lost'
  /** The server acts on it, but its answer is lost on the way back. */
  | 'answer lost'
  /** It waits until {@link Network.release}: the server sees it only then. */
  | 'held'
  /** The server acts on it, and its answer waits until {@link Network.release}. */
  | 'answer held'
  /** It is accepted, and nothing ever answers: the server never sees it. */
  | 'silent'
  /** The server acts on it, and nothing ever answers. */
  | 'answer silent'
  /** The head of the answer comes, and nothing after it, for ever. */
  | 'head only'
  /** The answer stops in the middle of its body, for ever. */
  | 'half'
  /** The connection breaks in the middle of the answer's body. */
  | 'broken off'
  /** A proxy answers in the place of the server. */
  | Reply;

/** Answer of a proxy in the place of the server. */
export interface Reply {
  status: number;
  /** Media type; none leaves the header out. */
  type?: string;
  body?: string;
  headers?: Record<string, string>;
  /** Whether the server saw the call, and acted on it, before its answer was replaced. */
  acted?: boolean;
}

/** Which calls are meant: all that fit every member given. The path has the query in it. */
export interface Match {
  method?: string;
  path?: RegExp;
  /** What the body of the call holds. */
  body?: RegExp;
}

/** A call that arrived here. */
export interface Call {
  method: string;
  path: string;
  /** The revision that it named. */
  revision: string;
}

/** Kinds of calls. */
export const SAVES: Match = { method: 'PUT', path: /^\/api\/requests\/[^/?]+$/ };
export const READS: Match = { method: 'GET', path: /^\/api\/requests\/[^/?]+$/ };
export const LISTS: Match = { method: 'GET', path: /^\/api\/requests(\?|$)/ };
export const SUBMISSIONS: Match = { method: 'POST', path: /^\/api\/requests\/[^/]+\/submission$/ };
export const UPLOADS: Match = { method: 'PUT', path: /\/documents\/[^/]+$/ };
export const CALLS: Match = { path: /^\/api\// };
export const PROGRAM: Match = { path: /_bg\.wasm$/ };

/** What a firewall or a proxy says, in its own words: a page, whatever was asked for. */
export function page(status: number, words = 'Request rejected. Support ID: 18446744073709551615'): Reply {
  return { status, type: 'text/html', body: `<html><head><title>${status}</title></head><body>${words}</body></html>` };
}

/** A problem document of the service itself (RFC 9457). */
export function problem(kind: string, status: number, more: object = {}): Reply {
  const body = { type: `/problems/${kind}`, title: kind, status, detail: kind, instance: '/api', ...more };
  return { status, type: 'application/problem+json', body: JSON.stringify(body) };
}

interface Rule {
  match: Match;
  fate: Fate;
  left: number;
}

export class Network {
  private readonly sockets = new Set<Socket>();
  private readonly waiting: (() => void)[] = [];
  private readonly rules: Rule[] = [];
  /** What becomes of each call that no rule is for. Lasts until it is set again. */
  fate: (call: IncomingMessage) => Fate = () => 'pass';
  /** Everything that was asked for, whatever became of it. */
  readonly calls: Call[] = [];
  /** Calls of the API that changed a request and reached the server: the revision they named. */
  readonly saves: string[] = [];

  private constructor(
    private readonly http: HttpServer,
    /** Where a browser finds it. */
    readonly address: string,
  ) {}

  /** Stands before a server. */
  static async before(target: string): Promise<Network> {
    const http = createServer((call, answer) => {
      // A browser may give a call up at any time.
      network.pass(call, answer, new URL(target)).catch(() => call.socket.destroy());
    });
    await new Promise<void>((ready) => http.listen(0, '127.0.0.1', ready));
    const network = new Network(http, `http://127.0.0.1:${(http.address() as AddressInfo).port}/`);
    http.on('connection', (socket) => {
      network.sockets.add(socket);
      socket.once('close', () => network.sockets.delete(socket));
    });
    return network;
  }

  /** From now on, or no longer, nothing gets through: the server is down. */
  down(): void {
    this.fate = () => 'lost';
    for (const socket of this.sockets) socket.destroy();
  }

  /** All is well again: nothing is met with anything, and what was held goes on. What is silent stays so. */
  up(): void {
    this.rules.length = 0;
    this.fate = () => 'pass';
    this.release();
  }

  /** Calls of this kind are met with a fate, so many times or for good. The newest rule for a call counts. */
  meet(match: Match, fate: Fate, times = Infinity): void {
    this.rules.unshift({ match, fate, left: times });
  }

  /** Calls of this kind, all unless said, are answered by a proxy. */
  answer(reply: Reply, match: Match = CALLS, times = Infinity): void {
    this.meet(match, reply, times);
  }

  /** Only calls that save are met with this fate, once each or for good. */
  onSave(fate: Fate, times = Infinity): void {
    this.rules.length = 0;
    this.fate = () => 'pass';
    this.meet(SAVES, fate, times);
  }

  /** Lets go what is held. */
  release(): void {
    for (const go of this.waiting.splice(0)) go();
  }

  /** How many calls wait. */
  get held(): number {
    return this.waiting.length;
  }

  /** How many calls of a kind arrived here, whatever became of them. */
  count(match: Match = CALLS): number {
    return this.calls.filter((call) => fits(match, call.method, call.path, '')).length;
  }

  async stop(): Promise<void> {
    this.release();
    for (const socket of this.sockets) socket.destroy();
    await new Promise((ended) => this.http.close(ended));
  }

  private wait(): Promise<void> {
    return new Promise((go) => this.waiting.push(go));
  }

  private decide(call: IncomingMessage, body: string): Fate {
    const rule = this.rules.find(({ match, left }) => left > 0 && fits(match, call.method ?? '', call.url ?? '', body));
    if (rule === undefined) return this.fate(call);
    rule.left -= 1;
    return rule.fate;
  }

  private async pass(call: IncomingMessage, answer: ServerResponse, server: URL): Promise<void> {
    call.on('error', () => undefined);
    answer.on('error', () => undefined);
    const body = await read(call);
    const { method = 'GET', url: path = '/' } = call;
    const revision = String(call.headers['if-match'] ?? 'new');
    this.calls.push({ method, path, revision });
    const fate = this.decide(call, body.toString('latin1'));
    if (fate === 'silent') return;
    if (fate === 'lost') {
      call.socket.destroy();
      return;
    }
    if (fate === 'held') await this.wait();
    if (typeof fate === 'object' && !fate.acted) {
      reply(answer, fate);
      return;
    }
    if (fits(SAVES, method, path, '')) this.saves.push(revision);
    const headers = { ...call.headers, host: server.host };
    // The server insists that changes come from its own pages.
    if (headers.origin !== undefined) headers.origin = server.origin;
    const response = await new Promise<IncomingMessage>((arrived, failed) => {
      const { hostname, port } = server;
      send({ hostname, port, method, path, headers }, arrived).on('error', failed).end(body);
    });
    const whole = await read(response);
    if (fate === 'answer silent') return;
    if (fate === 'answer lost') {
      call.socket.destroy();
      return;
    }
    if (fate === 'answer held') await this.wait();
    if (typeof fate === 'object') {
      reply(answer, fate);
      return;
    }
    answer.writeHead(response.statusCode ?? 502, response.rawHeaders);
    if (fate === 'head only') {
      answer.flushHeaders();
    } else if (fate === 'half' || fate === 'broken off') {
      answer.write(whole.subarray(0, whole.length / 2), () => fate === 'broken off' && call.socket.destroy());
    } else {
      answer.end(whole);
    }
  }
}

function fits(match: Match, method: string, path: string, body: string): boolean {
  return (match.method ?? method) === method && (match.path?.test(path) ?? true) && (match.body?.test(body) ?? true);
}

function reply(answer: ServerResponse, { status, type, body = '', headers }: Reply): void {
  answer.writeHead(status, { ...(type === undefined ? {} : { 'Content-Type': type }), ...headers });
  answer.end(body);
}

async function read(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
