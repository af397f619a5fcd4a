/**
 * The pages of the team as a person uses them, and what an applicant does beside.
 */
import type { Page } from '@playwright/test';
import { newId, sameOrigin, store, stored } from './api.ts';
import { expect } from './harness.ts';
import { request } from './requests.ts';

/** Signs in as one of the made-up people, without showing a page. */
export async function enter(page: Page, person: string): Promise<void> {
  const answer = await page.request.post('api/demo/session', { data: { person }, headers: await sameOrigin(page) });
  expect(answer.status(), await answer.text()).toBe(201);
}

/** Sends a request as the signed-in applicant, with words to the team. */
export async function submit(page: Page, id: string, body: object = {}): Promise<void> {
  const { revision } = await stored(page, id);
  const headers = { ...(await sameOrigin(page)), 'If-Match': `"${revision}"` };
  const answer = await page.request.post(`api/requests/${id}/submission`, { data: body, headers });
  expect(answer.status(), await answer.text()).toBe(201);
}

/** Sends a new request as Noémie, and answers its id. */
export async function submitted(page: Page): Promise<string> {
  await enter(page, 'noemie');
  const id = await store(page, request('town-hall').draft);
  await submit(page, id);
  return id;
}

/** Writes a message as the signed-in applicant. */
export async function write(page: Page, id: string, text: string): Promise<void> {
  const data = { kind: 'message', text };
  const headers = await sameOrigin(page);
  const answer = await page.request.put(`api/requests/${id}/events/${newId()}`, { data, headers });
  expect(answer.status(), await answer.text()).toBe(201);
}

/** Opens the examination of a request as a member of the team. */
export async function examine(page: Page, person: string, id: string): Promise<void> {
  await enter(page, person);
  await page.goto(`?examen=${id}`);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/^Demande FC-/);
}

/** The section of an act. */
export const act = (page: Page, kind: string) => page.locator(`#act-${kind}`);

/** The heading that says what came of an act. */
export const outcome = (page: Page) => page.locator('#outcome');
