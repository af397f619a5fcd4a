/**
 * Drives the form through its controls, whose `name` is the path of the field.
 */
import { expect, type Locator, type Page } from '@playwright/test';
import { sample, type SampleFile } from './files.ts';
import { type Answer, answers, type Document, type Draft, STEPS, type Step } from './requests.ts';

/** How the window is called while a step or the submission is refused. */
export const REFUSED = /^Erreur\s: /;

/** The control of a field, or the one with this value where there are several. */
export function control(page: Page, path: string, value?: string): Locator {
  const ofValue = value === undefined ? '' : `[value="${value}"]`;
  return page.locator(`[name="${path}"]${ofValue}`);
}

/** Opens a step of the request that the page shows, by its address. */
export async function openStep(page: Page, step: Step): Promise<void> {
  const address = new URL(page.url());
  address.searchParams.set('etape', step);
  await page.goto(address.href);
  await expectStep(page, step);
}

/** Opens a request at a step, by its address. */
export async function openRequest(page: Page, id: string, step: Step): Promise<void> {
  await page.goto(`?demande=${id}&etape=${step}`);
  await expectStep(page, step);
}

/** Follows a link, the first where several have these words: the list of steps comes before what else leads there. */
export async function follow(from: Page | Locator, words: RegExp): Promise<void> {
  await from.getByRole('link', { name: words }).first().click();
}

/** Presses a button. */
export async function press(from: Page | Locator, name: string | RegExp): Promise<void> {
  await from.getByRole('button', { name }).click();
}

/** Expects that the page shows this step. */
export async function expectStep(page: Page, step: Step): Promise<void> {
  await expect(page).toHaveURL(new RegExp(`[?&]etape=${step}(&|$)`));
  await expect(page.getByRole('main').getByRole('heading').first()).toBeVisible();
  if (step !== 'review') await expect(page.locator(`[name^="${step}."]`).first()).toBeVisible();
}

/** Chooses files for the project. */
export async function choose(page: Page, ...files: SampleFile[]): Promise<void> {
  await control(page, 'project.mockups').setInputFiles(files);
}

/** What is said of a file that arrived, wherever it is kept. */
const ARRIVED = /Envoyé|Gardé sur cet appareil/;

/** The line of a file in its list. */
export function fileRow(page: Page, name: string): Locator {
  return page.getByRole('main').getByRole('listitem').filter({ hasText: name });
}

/** Says that the step is done. */
export async function goOn(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Suivant' }).click();
}

/** Asks for the request to be sent. */
export async function send(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Envoyer la demande' }).click();
}

/** Expects the receipt of a request that was sent, and answers its number. */
export async function expectReceipt(page: Page): Promise<string> {
  const receipt = page.getByRole('heading', { level: 1, name: /FC-\d{4}-\d{6}/ });
  await expect(receipt).toBeVisible();
  return /FC-\d{4}-\d{6}/.exec(await receipt.innerText())?.[0] ?? '';
}

/** Gives the answers of one step, which the page shows. */
export async function fillStep(page: Page, draft: Draft, step: Step): Promise<void> {
  for (const [path, answer] of answers(draft, step)) await give(page, path, answer);
}

/** Goes through all steps, giving the answers of each, up to the review. In a portal, no address tells which one is shown. */
export async function fill(page: Page, draft: Draft, expectShown = expectStep): Promise<void> {
  for (const [place, step] of STEPS.entries()) {
    await expectShown(page, step);
    const next = STEPS[place + 1];
    if (next === undefined) return;
    await fillStep(page, draft, step);
    await goOn(page);
    await expectShown(page, next);
  }
}

/** Gives one answer. */
export async function give(page: Page, path: string, answer: Answer): Promise<void> {
  const controls = control(page, path);
  if (Array.isArray(answer)) {
    const isFiles = (await controls.first().getAttribute('type')) === 'file';
    if (isFiles) await attach(page, controls, answer as Document[]);
    else await tick(controls, answer as string[]);
    return;
  }
  // An empty answer is given by leaving the field, unless it was filled for the applicant.
  if (answer === null || answer === '') {
    for (const field of await controls.all()) {
      if (await field.evaluate((node) => node.matches('input:not([type=radio]), textarea'))) await field.fill('');
    }
    return;
  }
  const isRadio = (await controls.first().getAttribute('type')) === 'radio';
  if (isRadio) await control(page, path, String(answer)).check();
  else if (typeof answer === 'boolean') await controls.setChecked(answer);
  else await controls.fill(answer);
}

async function tick(boxes: Locator, values: string[]): Promise<void> {
  await expect(boxes.first()).toBeVisible();
  for (const box of await boxes.all()) {
    await box.setChecked(values.includes((await box.getAttribute('value')) ?? ''));
  }
}

async function attach(page: Page, input: Locator, documents: Document[]): Promise<void> {
  if (documents.length === 0) return;
  const files = documents.map(({ name, type, size }) => sample(name, type, size));
  await input.setInputFiles(files);
  for (const { name } of documents) await expect(fileRow(page, name)).toContainText(ARRIVED);
}

/** Drags a text over an element, or a file, and drops it there. Answers of both events whether they were prevented. */
export function drop(where: Locator, text?: string): Promise<boolean[]> {
  return where.evaluate((node, dragged) => {
    const dataTransfer = new DataTransfer();
    if (dragged !== undefined) dataTransfer.setData('text/plain', dragged);
    else dataTransfer.items.add(new File(['x'], 'plan.pdf', { type: 'application/pdf' }));
    const options = { bubbles: true, cancelable: true, composed: true, dataTransfer };
    return ['dragover', 'drop'].map((name) => !node.dispatchEvent(new DragEvent(name, options)));
  }, text);
}

/** Expects that the answers of one step, which the page shows, are these. */
export async function expectAnswers(page: Page, draft: Draft, step: Step): Promise<void> {
  for (const [path, answer] of answers(draft, step)) {
    const controls = control(page, path);
    if (Array.isArray(answer)) {
      for (const item of answer) {
        if (typeof item === 'string') await expect(control(page, path, item)).toBeChecked();
        else await expect(fileRow(page, item.name)).toContainText(ARRIVED);
      }
    } else if (typeof answer === 'boolean' && (await controls.count()) === 1) {
      await expect(controls).toBeChecked({ checked: answer });
    } else if (answer !== null && answer !== '') {
      const isRadio = (await controls.first().getAttribute('type')) === 'radio';
      if (isRadio) await expect(control(page, path, String(answer))).toBeChecked();
      else await expect(controls).toHaveValue(String(answer));
    }
  }
}
