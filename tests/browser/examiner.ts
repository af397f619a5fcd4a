/**
 * The FranceConnect team as a client of the API: what the applicant's pages show is brought about by its acts.
 */
import { type APIRequestContext, type APIResponse, expect } from '@playwright/test';
import { newId } from './api.ts';

/** An act of the team, as `PUT …/events/{event}` takes it. */
export interface Act {
  kind: 'changes_requested' | 'resumed' | 'accepted' | 'refused' | 'message';
  text?: string;
  answer_by?: string;
  remarks?: { pointer: string; text: string }[];
}

/** A line of the history of a request. */
export interface Event {
  seq: number;
  kind: string;
  text?: string;
  submission?: number;
  replies?: { pointer: string; text: string }[];
}

/** Claire Marchand, who examines. Her session is not that of the page. */
export class Examiner {
  private constructor(
    private readonly api: APIRequestContext,
    private readonly origin: string,
  ) {}

  static async signedIn(api: APIRequestContext): Promise<Examiner> {
    const { origin } = new URL((await api.get('healthz')).url());
    const examiner = new Examiner(api, origin);
    await ok(await api.post('api/demo/session', { data: { person: 'claire' }, headers: { Origin: origin } }));
    return examiner;
  }

  /** Does an act on a request, as it is by now. */
  async act(request: string, act: Act): Promise<void> {
    const path = `api/examination/requests/${request}`;
    const { revision } = (await ok(await this.api.get(path))) as { revision: number };
    const seen = (await this.events(request)).at(-1)?.seq ?? 0;
    const moves = act.kind !== 'message';
    await ok(
      await this.api.put(`${path}/events/${newId()}`, {
        data: moves ? { ...act, seen } : act,
        headers: { Origin: this.origin, ...(moves ? { 'If-Match': `"${revision}"` } : {}) },
      }),
    );
  }

  /** The history of a request, as the team sees it. */
  async events(request: string): Promise<Event[]> {
    const { events } = (await ok(await this.api.get(`api/examination/requests/${request}/events`))) as {
      events: Event[];
    };
    return events;
  }

  /** Notes that the team has read all that there is. */
  async read(request: string): Promise<void> {
    const seq = (await this.events(request)).at(-1)?.seq ?? 0;
    const path = `api/examination/requests/${request}/seen`;
    await ok(await this.api.put(path, { data: { seq }, headers: { Origin: this.origin } }));
  }
}

async function ok(answer: APIResponse): Promise<unknown> {
  const text = await answer.text();
  expect(answer.ok(), `${answer.url()}: ${answer.status()} ${text}`).toBe(true);
  return text === '' ? undefined : JSON.parse(text);
}
