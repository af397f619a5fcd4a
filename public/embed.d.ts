/**
 * `<demande-habilitation>`: a request for FranceConnect, as an element of any page.
 *
 * ```ts
 * import 'https://habilitation.example/embed.js';
 * import type { DemandeHabilitation } from './embed';
 * ```
 */

/** Steps of a request. */
export type Step = 'organisation' | 'project' | 'data' | 'assurance' | 'legal' | 'people' | 'terms' | 'review';

/** Fields that a portal may answer in the person's place, where the person did not. */
export interface Prefill {
  'organisation.siret'?: string;
  'organisation.name'?: string;
  'organisation.kind'?: 'administration' | 'company' | 'association';
  'organisation.private_basis'?: 'address_change' | 'identity_verification' | 'other';
  'project.name'?: string;
  'project.description'?: string;
  'project.migration'?: boolean | 'true' | 'false';
  'project.former_number'?: string;
  /** `AAAA-MM-JJ` or `JJ/MM/AAAA`. */
  'project.launch_date'?: string;
  'project.yearly_volume'?: number | string;
  'data.scopes'?: string[] | string;
  'data.recipients'?: string;
  'data.retention_months'?: number | string;
  'data.retention_reason'?: string;
  'assurance.level'?: 'eidas1' | 'eidas2' | 'eidas3';
  'legal.basis'?: string;
  'legal.url'?: string;
}

/** Why something did not work. None of these codes says anything about the person. */
export type ErrorCode =
  /** The API does not answer; saving goes on by itself later. */
  | 'unreachable'
  | 'intercepted'
  | 'quota-reached'
  | 'unknown'
  /** The token has ended; the person is offered to sign in again. */
  | 'signed-out'
  /** The request was deleted elsewhere. */
  | 'gone'
  /** The person may not change the request, or not any more. */
  | 'not-permitted'
  /** The request was submitted elsewhere. */
  | 'already-submitted'
  /** The answers are longer than the API takes. */
  | 'too-large'
  /** The API does not understand what is sent: its version is another one. */
  | 'not-understood'
  | 'outdated'
  /** The program failed; a notice with a button to load it again is shown. */
  | 'crashed'
  /** Some answers of `prefill` are unknown, not allowed or wrong. */
  | 'not-prefilled';

/** States of a request. */
export type State =
  /** Being filled in, for the first time or for a modification. */
  | 'draft'
  | 'submitted'
  /** The FranceConnect team asks for changes. */
  | 'changes_requested'
  | 'accepted'
  | 'refused'
  | 'withdrawn'
  | 'revoked'
  | 'archived';

/** What the events carry. They bubble, and cross shadow trees. */
export interface DemandeHabilitationEvents {
  /** It is shown, and can be used. */
  'habilitation:ready': CustomEvent<Record<string, never>>;
  /** The person goes to a step. Cancelled, they stay where they are. */
  'habilitation:step': CustomEvent<{ request: string; step: Step }>;
  /** Where the answers are: acknowledged by the API, or so far on the device or in memory only. */
  'habilitation:saved': CustomEvent<{ where: 'server' | 'device' | 'memory'; revision: number | null }>;
  /** Fields that were changed elsewhere too; the person chooses. */
  'habilitation:conflict': CustomEvent<{ fields: string[] }>;
  /** The person sends the request, and nothing is missing. Cancelled, it is not sent. */
  'habilitation:submit': CustomEvent<{ request: string }>;
  /** It was sent, and has its number. */
  'habilitation:submitted': CustomEvent<{ request: string; number: string }>;
  /** The page of a request that was sent shows, with its state as it is by then. */
  'habilitation:state': CustomEvent<{ request: string; state: State }>;
  /** Something did not work. `fields` goes with `not-prefilled`. */
  'habilitation:error': CustomEvent<{ code: ErrorCode; fields?: string[] }>;
}

export interface DemandeHabilitation extends HTMLElement {
  /** Address of the API. Without one, the page itself answers: a demonstration. */
  api: string | null;
  /** `new`, the identifier of a request, or nothing: the list of one's requests. */
  request: string | null;
  /** Where to begin in a request. */
  step: Step | null;
  /** `light`, `dark`, or the theme of the page. */
  theme: 'light' | 'dark' | 'auto' | null;
  /** How long copies of drafts stay on the device: until they are needed no more, as long as the tab, or not at all. */
  storage: 'local' | 'session' | 'none' | null;
  /** Level of its first heading, from 1 to 4; 2 if nothing is said. */
  headingLevel: number;
  /** `lazy` waits until it is visible. */
  loading: 'lazy' | 'eager' | null;
  /** What was typed so far in the request that is shown. */
  readonly draft: Record<string, unknown> | null;
  /** Presses the button that sends the request. Whether there is one: only the last step has it. */
  submit(): boolean;
  /** Once the API has acknowledged everything that was typed. */
  save(): Promise<void>;
  /** Puts the focus on its heading. */
  focus(options?: FocusOptions): void;
  /** Takes it away for good. */
  destroy(): void;
  /** Answers fields in the person's place. What they typed wins; a `habilitation:error` event names what was not taken. */
  prefill(answers: Prefill): void;
  addEventListener<Name extends keyof DemandeHabilitationEvents>(
    name: Name,
    listener: (event: DemandeHabilitationEvents[Name]) => void,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(
    name: string,
    listener: EventListenerOrEventListenerObject,
    options?: boolean | AddEventListenerOptions,
  ): void;
}

declare global {
  interface HTMLElementTagNameMap {
    'demande-habilitation': DemandeHabilitation;
  }
}
