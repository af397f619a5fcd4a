/**
 * Hears what WebKit says on its consoles. Its driver tells nothing of them, so that a script, before all others of a page,
 * listens there: what is written to the console, what is thrown and not caught, what a security policy refused. It comes
 * with the page from a server between the browser and the real one, which also takes what was heard.
 *
 * What only the engine itself says (of deprecated features, for instance) is not heard.
 */
import {
  createServer,
  type IncomingMessage,
  request as send,
  type Server as HttpServer,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';

const SCRIPT = '/witness.js';
const REPORTS = '/witness';

/** What the witnesses of one test share. */
export interface Testimony {
  readonly heard: string[];
  /**
   * The witness whom all pages tell. A page of a portal may call nobody but the service: it is the one before that.
   */
  told: Witness | undefined;
}

export class Witness {
  private constructor(
    private readonly http: HttpServer,
    /** Where a browser finds the server. */
    readonly address: string,
    private readonly testimony: Testimony,
  ) {}

  /** Stands before a server, under a name for this machine. */
  static async before(target: string, name: string, testimony: Testimony): Promise<Witness> {
    const http = createServer((call, answer) => void witness.pass(call, answer, new URL(target)));
    await new Promise<void>((ready) => http.listen(0, name, ready));
    const witness = new Witness(http, `http://${name}:${(http.address() as AddressInfo).port}/`, testimony);
    return witness;
  }

  async stop(): Promise<void> {
    this.http.closeAllConnections();
    await new Promise((ended) => this.http.close(ended));
  }

  private async pass(call: IncomingMessage, answer: ServerResponse, server: URL): Promise<void> {
    call.on('error', () => undefined);
    answer.on('error', () => undefined);
    if (call.url === SCRIPT) {
      const text = `(${listen.toString()})(${JSON.stringify(new URL(REPORTS, (this.testimony.told ?? this).address).href)})`;
      answer.writeHead(200, { 'Content-Type': 'text/javascript', 'Cache-Control': 'no-store' }).end(text);
      return;
    }
    if (call.url === REPORTS) {
      let text = '';
      for await (const part of call) text += part;
      this.testimony.heard.push(text);
      answer.writeHead(204).end();
      return;
    }
    const headers = { ...call.headers };
    // Pages are read here: they come as they are. The server knows itself by its own name.
    delete headers['accept-encoding'];
    headers.host = server.host;
    if (headers.origin === new URL(this.address).origin) headers.origin = server.origin;
    const { method, url: path } = call;
    const onward = send({ hostname: server.hostname, port: server.port, method, path, headers }, (response) => {
      const isPage = response.headers['content-type']?.startsWith('text/html') === true && response.statusCode === 200;
      if (!isPage) {
        answer.writeHead(response.statusCode ?? 502, response.rawHeaders);
        response.pipe(answer);
        response.once('error', () => call.socket.destroy());
        return;
      }
      let html = '';
      response.setEncoding('utf8').on('data', (part: string) => (html += part));
      response.once('end', () => {
        const { 'content-length': _, ...rest } = response.headers;
        answer.writeHead(200, rest).end(html.replace(/<head>|(?=<meta )/, `$&<script src="${SCRIPT}"></script>`));
      });
    });
    onward.on('error', () => call.socket.destroy());
    answer.once('close', () => onward.destroy());
    call.pipe(onward);
  }
}

/** Runs in the page, before anything of it. */
function listen(reports: string): void {
  const { fetch, Blob } = window;
  const tell = (text: string): void => {
    void fetch(reports, {
      method: 'POST',
      mode: 'no-cors',
      keepalive: true,
      body: new Blob([`${text} at ${location.href}`]),
    }).catch(() => undefined);
  };
  const said = (parts: unknown[]): string =>
    parts.map((part) => (part instanceof Error ? `${part.message}\n${part.stack}` : String(part))).join(' ');
  for (const level of ['error', 'warn', 'assert'] as const) {
    const original = console[level].bind(console) as (...parts: unknown[]) => void;
    console[level] = (...parts: unknown[]): void => {
      if (level !== 'assert' || !parts[0]) tell(`console.${level}: ${said(parts)}`);
      original(...parts);
    };
  }
  const failed = (event: Event): void => {
    if (event instanceof ErrorEvent) tell(`uncaught: ${said([event.error ?? event.message])}`);
    else tell(`not loaded: ${(event.target as Element).outerHTML}`);
  };
  addEventListener('error', failed, true);
  addEventListener('unhandledrejection', ({ reason }) => tell(`unhandled: ${said([reason])}`));
  document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sample }) =>
    tell(`refused by ${violatedDirective}: ${blockedURI} ${sample}`),
  );
}
