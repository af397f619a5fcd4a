/**
 * The JSON API as a second client of the same person: to bring about a state quickly, and to see
 * what the server really holds.
 */
import { randomBytes } from 'node:crypto';
import { type APIResponse, expect, type Page } from '@playwright/test';
import { sample } from './files.ts';
import type { Document, Draft } from './requests.ts';

/**
 * A connection that was idle may be closed by the server just as a question is on its way: whoever only asks, asks again
 * (RFC 9112, section 9.3.1), as browsers do.
 */
const ASKED_AGAIN = { maxRetries: 2 };

/** Version of the draft's shape. */
const SCHEMA = 1;

/** A request as the server tells it. */
export interface StoredRequest {
  id: string;
  number: string | null;
  state: 'draft' | 'submitted';
  revision: number;
  draft: Draft;
}

/** A time-ordered identifier (RFC 9562, version 7). */
export function newId(): string {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(Date.now(), 0, 6);
  bytes[6] = 0x70 | ((bytes[6] ?? 0) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** Stores a draft, with the files that it lists, and answers its id. */
export async function store(page: Page, draft: Draft): Promise<string> {
  const id = await storeAlone(page, draft);
  await sendFiles(page, id, draft);
  return id;
}

/** Stores a draft without its files. */
export async function storeAlone(page: Page, draft: Draft): Promise<string> {
  const id = newId();
  const saved = await page.request.put(`api/requests/${id}`, {
    data: { schema: SCHEMA, draft },
    headers: { ...(await sameOrigin(page)), 'If-None-Match': '*' },
  });
  await expectStatus(saved, 201);
  return id;
}

/** Sends the files that a draft lists. */
export async function sendFiles(page: Page, id: string, draft: Draft): Promise<void> {
  for (const document of documentsOf(draft)) {
    const { buffer } = sample(document.name, document.type, document.size);
    const sent = await page.request.put(`api/requests/${id}/documents/${document.id}`, {
      data: buffer,
      headers: { ...(await sameOrigin(page)), 'Content-Type': document.type },
    });
    await expectStatus(sent, 201);
  }
}

/** What the server holds of a request. */
export async function stored(page: Page, id: string): Promise<StoredRequest> {
  const answer = await page.request.get(`api/requests/${id}`, ASKED_AGAIN);
  await expectStatus(answer, 200);
  return (await answer.json()) as StoredRequest;
}

/** How many requests the person has. */
export async function count(page: Page): Promise<number> {
  const answer = await page.request.get('api/requests?limit=100', ASKED_AGAIN);
  await expectStatus(answer, 200);
  return ((await answer.json()) as { requests: unknown[] }).requests.length;
}

/** The documents of a draft. */
export function documentsOf(draft: Draft): Document[] {
  const { project, legal } = draft as { project?: { mockups?: Document[] }; legal?: { documents?: Document[] } };
  return [...(project?.mockups ?? []), ...(legal?.documents ?? [])];
}

/** The draft without the identifiers of its documents, which each upload makes anew. */
export function withoutIds(draft: Draft): Draft {
  const copy = structuredClone(draft);
  for (const document of documentsOf(copy)) document.id = '';
  return copy;
}

/** Calls that change something must come from the page's own origin. */
export async function sameOrigin(page: Page): Promise<{ Origin: string }> {
  const answer = await page.request.get('healthz', ASKED_AGAIN);
  return { Origin: new URL(answer.url()).origin };
}

async function expectStatus(answer: APIResponse, status: number): Promise<void> {
  expect(answer.status(), `${answer.url()}: ${await answer.text()}`).toBe(status);
}
