/**
 * What pages complain of, which fails a test: in the console, of the network, of the security policy.
 */
import type { BrowserContext, Page } from '@playwright/test';

/** What the browser itself logs of calls that get no answer. */
export const NO_ANSWER =
  /net::ERR_(INTERNET_DISCONNECTED|EMPTY_RESPONSE|CONNECTION_\w+|ABORTED|FAILED|SOCKET_NOT_CONNECTED)/;
/** What the browser itself logs of a save over another revision than the one there. */
export const STALE = /api\/requests\/\S+: Failed to load resource: .* 412 /;
/** What the browser itself logs of calls by somebody who is not signed in any more. */
export const SIGNED_OUT = /api\/\S+: Failed to load resource: .* 401 /;

/**
 * The browser itself logs each answer of 401, and asking whether somebody is signed in is answered
 * by 401 when nobody is.
 */
const NOBODY_SIGNED_IN = /^console error at \S+\/api\/session: Failed to load resource: .* 401 /;

/**
 * A page that is left, or closed, gives up what it was reading, and so does the browser that was fetching its icon. How far an
 * examiner has read is told behind what they do, and told again with the next page that they read.
 */
const READING_GIVEN_UP = /^(GET \S+|PUT \S+\/seen): net::ERR_ABORTED$/;

/** Playwright says so wherever it blocks them, which it does unless a test wants them. */
const NO_SERVICE_WORKER = /Service Worker registration blocked by Playwright/;

/** Complaints that the running test may provoke: a worker runs one test at a time. */
let tolerated: RegExp[] = [];

/** Names complaints that a test is about to provoke on purpose. Any other complaint fails the test. */
export function tolerate(...patterns: RegExp[]): void {
  tolerated.push(...patterns);
}

/** Everything that the pages of a test complained about. */
export class Complaints {
  private readonly heard: string[] = [];

  /** Begins a test, which tolerates nothing but what browsers and Playwright say in each. */
  constructor() {
    tolerated = [NOBODY_SIGNED_IN, READING_GIVEN_UP, NO_SERVICE_WORKER];
  }

  /** Listens to all pages of a context, those opened later included. */
  watch(context: BrowserContext): void {
    context.pages().forEach((page) => this.listen(page));
    context.on('page', (page) => this.listen(page));
    context.on('weberror', (error) => this.add(`uncaught: ${error.error().stack ?? error.error()}`));
    context.on('requestfailed', (request) =>
      this.add(`${request.method()} ${request.url()}: ${request.failure()?.errorText}`),
    );
  }

  /** What was neither expected nor tolerated. */
  list(): string[] {
    return this.heard.filter((text) => !tolerated.some((pattern) => pattern.test(text)));
  }

  private listen(page: Page): void {
    // Violations of the content security policy are console errors too.
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) {
        this.add(`console ${message.type()} at ${message.location().url}: ${message.text()}`);
      }
    });
  }

  private add(text: string): void {
    this.heard.push(text);
  }
}
