/**
 * Incomplete requests: the page says what is missing, and where it is missing.
 */
import type { Locator, Page } from '@playwright/test';
import { store } from './api.ts';
import { control, goOn, openRequest, REFUSED } from './form.ts';
import { expect, signIn, test, words } from './harness.ts';
import { type Finding, incomplete, type Step } from './requests.ts';

/** What the page says, by code; where the field decides, by pointer and code. */
const WORDS: Record<string, RegExp> = {
  required: /(Indiquez|Choisissez|Décrivez|Répondez|Expliquez|Cochez) /,
  not_accepted: /cochez/i,
  not_a_date: /Indiquez une date/,
  out_of_range: /Indiquez un nombre entre 1 et/,
  needs: /Cochez aussi le nom de naissance/,
  must_be: /choisissez FranceConnect – eIDAS 1/,
  same_person: /ne peut pas être aussi le responsable du traitement/,
  not_mobile: /n’est pas celui d’un portable/,
  one_of: /Indiquez l’adresse du texte, ou joignez-le/,
  past_date: /Cette date est passée/,
  other_domain: /partie de votre organisation/,
  not_always_available: /pour tout le monde : votre service doit pouvoir s’en passer|n’est pas toujours transmise/,
  may_be_billed: /peuvent facturer/,
  '/organisation/siret format': /un SIRET a 14 chiffres/,
  '/organisation/applicant/phone format':
    /Vérifiez ce numéro.* sans numéro de poste : celui-ci se note à la suite de la fonction/,
  '/legal/url format': /Indiquez une adresse complète, comme/,
  '/people/technical/email format': /Vérifiez cette adresse/,
};

for (const { name, draft, findings } of incomplete) {
  const errors = findings.filter(({ level }) => level === 'error');

  test(`${name}: each finding is told at its field, in words that help`, async ({ page }) => {
    await signIn(page);
    const id = await store(page, draft);
    for (const step of new Set(findings.map(stepOf))) {
      await openRequest(page, id, step);
      await goOn(page);
      const refused = errors.some((finding) => stepOf(finding) === step);
      if (refused) await expect(page).toHaveTitle(REFUSED);
      else await page.goBack();
      for (const finding of findings.filter((candidate) => stepOf(candidate) === step)) {
        await expectTold(page, finding);
        const isWrong = errors.some(({ pointer }) => pointer === finding.pointer);
        await expectMarked(page, finding, isWrong);
      }
    }
  });
}

/** Expects the words of a finding at its field. */
async function expectTold(page: Page, { pointer, code }: Finding): Promise<void> {
  const said = WORDS[`${pointer} ${code}`] ?? WORDS[code];
  expect(said, `this test knows no words for ${pointer} ${code}`).toBeDefined();
  await expect(page.locator('.field', { has: controlsOf(page, pointer) })).toContainText(words(said as RegExp));
}

/** Expects that assistive technology is told that a field is wrong, or that it is not. */
async function expectMarked(page: Page, { pointer }: Finding, isWrong: boolean): Promise<void> {
  const isMarked = (node: Element): boolean => node.closest('[aria-invalid="true"]') !== null;
  await expect.poll(() => controlsOf(page, pointer).first().evaluate(isMarked)).toBe(isWrong);
}

function controlsOf(page: Page, pointer: string): Locator {
  return control(page, pointer.slice(1).replaceAll('/', '.'));
}

function stepOf({ pointer }: Finding): Step {
  return pointer.split('/')[1] as Step;
}
