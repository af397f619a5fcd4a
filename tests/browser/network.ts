/**
 * A network that can be told to misbehave: it stands between the browser and the server, on an
 * address of its own.
 */
import { createServer, request as send, type IncomingMessage, type Server as HttpServer, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** What becomes of a call. */
export type Fate =
  /** It goes through. */
  | 'pass'
  /** It is lost on the way there: the server never sees it. */
  | 'lost'
  /** The server acts on it, but its answer is lost on the way back. */
  | 'answer lost'
  /** It waits until {@link Network.release}. */
  | 'held';

export class Network {
  private readonly sockets = new Set<Socket>();
  private readonly waiting: (() => void)[] = [];
  /** What becomes of each call. Lasts until it is set again. */
  fate: (call: IncomingMessage) => Fate = () => 'pass';
  /** Calls of the API that changed a request and went through: the method and the revision they named. */
  readonly saves: string[] = [];

  private constructor(
    private readonly http: HttpServer,
    /** Where a browser finds it. */
    readonly address: string,
  ) {}

  /** Stands before a server. */
  static async before(target: string): Promise<Network> {
    const http = createServer((call, answer) => void network.pass(call, answer, new URL(target)));
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

  up(): void {
    this.fate = () => 'pass';
    this.release();
  }

  /** Only calls that save are met with this fate, once each or for good. */
  onSave(fate: Fate, times = Infinity): void {
    let left = times;
    this.fate = (call) => (call.method === 'PUT' && isRequest(call) && left-- > 0 ? fate : 'pass');
  }

  /** Lets go what is held. */
  release(): void {
    for (const go of this.waiting.splice(0)) go();
  }

  /** How many calls wait. */
  get held(): number {
    return this.waiting.length;
  }

  async stop(): Promise<void> {
    this.release();
    for (const socket of this.sockets) socket.destroy();
    await new Promise((ended) => this.http.close(ended));
  }

  private async pass(call: IncomingMessage, answer: ServerResponse, server: URL): Promise<void> {
    const body: Buffer[] = [];
    call.on('error', () => undefined);
    answer.on('error', () => undefined);
    for await (const chunk of call) body.push(chunk as Buffer);
    const fate = this.fate(call);
    if (fate === 'lost') {
      call.socket.destroy();
      return;
    }
    if (fate === 'held') await new Promise<void>((go) => this.waiting.push(go));
    const { method, url: path } = call;
    const headers = { ...call.headers, host: server.host };
    // The server insists that changes come from its own pages.
    if (headers.origin !== undefined) headers.origin = server.origin;
    if (method === 'PUT' && isRequest(call)) this.saves.push(String(headers['if-match'] ?? 'new'));
    const { hostname, port } = server;
    const onward = send({ hostname, port, method, path, headers }, (response) => {
      if (fate === 'answer lost') {
        response.resume().once('end', () => call.socket.destroy());
        return;
      }
      answer.writeHead(response.statusCode ?? 502, response.rawHeaders);
      response.pipe(answer);
    });
    onward.on('error', () => call.socket.destroy());
    onward.end(Buffer.concat(body));
  }
}

function isRequest(call: IncomingMessage): boolean {
  return /^\/api\/requests\/[^/]+$/.test(call.url ?? '');
}
