// Serves the portal under the policy that docs/embedding.md asks for, and no wider one.
//
//   node examples/portal/serve.mjs http://127.0.0.1:8080/ [port]
//
// The service must know the portal: start it with `--embed-origin http://localhost:<port>`.
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const TYPES = { '.html': 'text/html; charset=utf-8', '.css': 'text/css', '.js': 'text/javascript' };

/** The policy of a portal for a service at an origin. */
export const policy = (origin) =>
  [
    "default-src 'none'",
    `script-src 'self' ${origin} 'wasm-unsafe-eval'`,
    "style-src 'self'",
    `connect-src ${origin}`,
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
    'report-uri /reports',
  ].join('; ');

/** Starts a portal. Where its service is may be said later; what its policy was violated by is in `reports`. */
export const start = async (port = 0) => {
  const portal = { service: '', address: '', reports: [], stop: () => {} };
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, 'http://localhost');
    if (pathname === '/reports') {
      let report = '';
      for await (const part of request) report += part;
      portal.reports.push(report);
      response.writeHead(204).end();
      return;
    }
    // All addresses are the portal's page, but those of its files.
    const name = path.extname(pathname) ? path.basename(pathname) : 'index.html';
    try {
      const text = await readFile(path.join(import.meta.dirname, name), 'utf8');
      response.writeHead(200, {
        'Content-Type': TYPES[path.extname(name)] ?? 'text/plain',
        'Content-Security-Policy': policy(new URL(portal.service).origin),
        'X-Content-Type-Options': 'nosniff',
        ...portal.headers,
      });
      response.end(text.replaceAll('{service}', portal.service));
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(port, 'localhost', resolve));
  portal.address = `http://localhost:${server.address().port}/`;
  portal.stop = () => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  };
  return portal;
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [service, port] = process.argv.slice(2);
  if (!service) {
    console.error('usage: node examples/portal/serve.mjs http://127.0.0.1:8080/ [port]');
    process.exit(2);
  }
  const portal = await start(Number(port ?? 8090));
  portal.service = service;
  console.log(`The portal is at ${portal.address}?request=new&api=${new URL('api', service)}`);
}
