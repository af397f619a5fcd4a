/**
 * The requests of tests/requests, which the tests in Rust read too.
 */
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';

export interface Document {
  id: string;
  name: string;
  size: number;
  type: 'application/pdf' | 'image/png' | 'image/jpeg';
}

export type Answer = string | boolean | null | string[] | Document[];

export interface Draft {
  [name: string]: Answer | Draft;
}

export interface Finding {
  pointer: string;
  level: 'error' | 'warning';
  code: string;
}

export interface RequestFixture {
  name: string;
  draft: Draft;
  findings: Finding[];
}

/** The steps that hold fields, in order, then the review; as they stand in addresses. */
export const STEPS = ['organisation', 'project', 'data', 'assurance', 'legal', 'people', 'terms', 'review'] as const;

export type Step = (typeof STEPS)[number];

const folder = path.resolve(import.meta.dirname, '../requests');

const all: RequestFixture[] = readdirSync(folder)
  .filter((file) => file.endsWith('.json'))
  .sort()
  .map((file) => ({
    name: path.basename(file, '.json'),
    ...(JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as Omit<RequestFixture, 'name'>),
  }));

/** Requests that can be submitted. */
export const complete = all.filter(({ name }) => !name.startsWith('incomplete-'));

/** Requests that miss something in the step of their name. */
export const incomplete = all.filter(({ name }) => name.startsWith('incomplete-'));

/** One request by its name. */
export function request(name: string): RequestFixture {
  const found = all.find((candidate) => candidate.name === name);
  if (!found) throw new Error(`tests/requests has no ${name}.json`);
  return found;
}

/** The answers of one step with their paths, in the order of the form. */
export function answers(draft: Draft, step: Step): [path: string, answer: Answer][] {
  const list: [string, Answer][] = [];
  const walk = (value: Answer | Draft | undefined, path: string): void => {
    if (value !== null && typeof value === 'object' && !Array.isArray(value)) {
      for (const [key, inner] of Object.entries(value)) walk(inner, `${path}.${key}`);
    } else if (value !== undefined) {
      list.push([path, value]);
    }
  };
  walk(draft[step], step);
  return list;
}
