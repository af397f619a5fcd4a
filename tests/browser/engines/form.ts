/**
 * Drives the form in a tab of any engine.
 */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from '@playwright/test';
import { sample, type SampleFile } from '../files.ts';
import { type Answer, answers, type Document, type Draft, STEPS, type Step } from '../requests.ts';
import type { Found, Tab } from './tab.ts';

const ARRIVED = /Envoyé|Gardé sur cet appareil/;

/** Expects that the page, or the element, shows this step. */
export async function expectStep(tab: Tab, step: Step): Promise<void> {
  const shown = tab.find(`[data-step="${step}"]`);
  await shown.expectShown();
  if (step === 'review') await tab.button('Envoyer la demande').expectShown();
  else await shown.find(`[name^="${step}."]`).expectShown();
}

/** The line of a file in its list. */
export function fileRow(tab: Tab, name: string): Found {
  return tab.find('li', name);
}

/** Says that the step is done. */
export async function goOn(tab: Tab): Promise<void> {
  await tab.button('Suivant').click();
}

/** Expects the receipt of a request that was sent, and answers its number. */
export async function expectReceipt(tab: Tab): Promise<string> {
  const number = /FC-\d{4}-\d{6}/;
  const heading = tab.find('h1, h2', number);
  await heading.expectShown();
  return number.exec(await heading.text())?.[0] ?? '';
}

/** Expects that the page says that the server has every answer. */
export async function expectSaved(tab: Tab): Promise<void> {
  await tab.expectText('.save-status', /^Enregistré( |$)/);
}

/** Gives the answers of one step, which the page shows. */
export async function fillStep(tab: Tab, draft: Draft, step: Step): Promise<void> {
  for (const [path, answer] of answers(draft, step)) await give(tab, path, answer);
}

/** Gives one answer. */
async function give(tab: Tab, path: string, answer: Answer): Promise<void> {
  const control = tab.control(path);
  const type = await tab.evaluate(typeOf, path);
  if (type === 'file') await attach(tab, path, answer as Document[]);
  else if (Array.isArray(answer)) {
    for (const value of answer) await tab.control(path, String(value)).check();
  } else if (type === 'radio') {
    if (answer !== null && answer !== '') await tab.control(path, String(answer)).check();
  } else if (type === 'checkbox') await control.check(answer === true);
  // An empty answer is given by leaving the field, unless it was filled for the applicant.
  else if (typeof answer === 'string' && (answer !== '' || ((await control.read('value')) ?? '') !== ''))
    await control.fill(answer);
}

/** Expects that the answers of one step, which the page shows, are these. */
export async function expectAnswers(tab: Tab, draft: Draft, step: Step): Promise<void> {
  for (const [path, answer] of answers(draft, step)) {
    const type = await tab.evaluate(typeOf, path);
    if (Array.isArray(answer)) {
      for (const item of answer) {
        if (typeof item === 'string') await tab.control(path, item).expectChecked();
        else await fileRow(tab, item.name).find('*', ARRIVED).expectShown();
      }
    } else if (type === 'checkbox') await tab.control(path).expectChecked(answer === true);
    else if (answer !== null && answer !== '') {
      if (type === 'radio') await tab.control(path, String(answer)).expectChecked();
      else await tab.control(path).expectValue(String(answer));
    }
  }
}

/** Files on disk, for a browser to choose. */
export async function onDisk(...files: SampleFile[]): Promise<string[]> {
  return Promise.all(
    files.map(async ({ name, buffer }) => {
      const file = test.info().outputPath(name);
      await writeFile(file, buffer);
      return path.resolve(file);
    }),
  );
}

async function attach(tab: Tab, field: string, documents: Document[]): Promise<void> {
  if (documents.length === 0) return;
  const files = await onDisk(...documents.map(({ name, type, size }) => sample(name, type, size)));
  await tab.control(field).choose(...files);
  for (const { name } of documents) await fileRow(tab, name).find('*', ARRIVED).expectShown();
}

/** The kind of a control, wherever it stands. */
function typeOf(path: string): string | undefined {
  const inside = (root: ParentNode): Element | undefined => {
    const found = root.querySelector(`[name="${path}"]`);
    if (found) return found;
    for (const node of root.querySelectorAll('*')) {
      const deeper = node.shadowRoot && inside(node.shadowRoot);
      if (deeper) return deeper;
    }
    return undefined;
  };
  return inside(document)?.getAttribute('type') ?? undefined;
}

export { STEPS };
