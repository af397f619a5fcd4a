/**
 * Text as it arrives, from keyboards, clipboards, other windows, links and files, with what nobody sees in it.
 */
import type { Locator, Page } from '@playwright/test';
import { stored } from './api.ts';
import { STALE, tolerate } from './complaints.ts';
import { expectArrived, open } from './draft.ts';
import { control, goOn, openStep } from './form.ts';
import { expect, expectSaved, requestId, signIn, test } from './harness.ts';

/** What the server holds once everything is saved. */
async function answers(page: Page, id = requestId(page)) {
  await expectSaved(page);
  return (await stored(page, id)).draft;
}

type Way = (page: Page, input: Locator, text: string) => Promise<void>;

const ways: Record<string, Way> = {
  async typed(page, input, text) {
    await input.focus();
    await page.keyboard.insertText(text);
  },
  async pasted(page, input, text) {
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.evaluate((copied) => navigator.clipboard.writeText(copied), text);
    await input.focus();
    await page.keyboard.press('ControlOrMeta+V');
  },
  async dropped(page, input, text) {
    await page.evaluate((dragged) => {
      const source = document.createElement('p');
      source.id = 'dragged';
      source.draggable = true;
      source.textContent = 'À déposer';
      source.style.cssText = 'position: fixed; top: 0; left: 0; z-index: 9';
      source.addEventListener('dragstart', (event) => event.dataTransfer?.setData('text/plain', dragged));
      document.body.prepend(source);
    }, text);
    await page.locator('#dragged').hover();
    await page.mouse.down();
    // A drag begins after some pixels, and is dropped where it was seen to be over.
    await page.mouse.move(60, 60, { steps: 5 });
    await input.hover({ position: { x: 10, y: 10 } });
    await input.hover({ position: { x: 20, y: 20 } });
    await page.mouse.up();
    await page.locator('#dragged').evaluate((node) => node.remove());
  },
  async 'written by a tool'(_page, input, text) {
    await input.fill(text);
  },
};

test('what arrives is clean at once, in the field and on the server, whichever way it comes', async ({ page }) => {
  await open(page);
  const description = control(page, 'project.description');
  const clean = 'Un guichet.\nPour les familles.\nSans compte.';
  for (const [way, arrive] of Object.entries(ways)) {
    await test.step(way, async () => {
      await description.fill('');
      await arrive(page, description, 'Un guichet.\u000bPour les\tfamilles.\u2028Sans\u200b compte.\u0007\ufeff');
      await expect(description).toHaveValue(clean);
      await expect.poll(() => answers(page), { message: way }).toMatchObject({ project: { description: clean } });
    });
  }
});

test('an address that arrives with invisible characters is taken without them', async ({ page }) => {
  await open(page, 'organisation');
  const email = control(page, 'organisation.applicant.email');
  for (const [way, arrive] of Object.entries(ways)) {
    await test.step(way, async () => {
      await email.fill('');
      await arrive(page, email, '\ufeffdpo@val\u200blon.exam\u00adple\u202c');
      await expect(email).toHaveValue('dpo@vallon.example');
      await email.blur();
      await expect(email).not.toHaveAttribute('aria-invalid');
      await expect
        .poll(() => answers(page), { message: way })
        .toMatchObject({ organisation: { applicant: { email: 'dpo@vallon.example' } } });
    });
  }
});

test('what people write in other scripts and with pictures stays as it is', async ({ page }) => {
  await open(page);
  const name = control(page, 'project.name');
  // Sign by sign, as keyboards of some scripts send them, then at once, as pictures come.
  const signs = '👩🏽‍💻 ❤️ 🏴󠁧󠁢󠁳󠁣󠁴󠁿 می‌خواهم क्‍ष 葛󠄀';
  await name.pressSequentially(signs);
  await expect(name).toHaveValue(signs);
  const text = `${signs}1️⃣`;
  await page.keyboard.insertText('1️⃣');
  await expect(name).toHaveValue(text);
  expect(await answers(page)).toMatchObject({ project: { name: text } });
});

test('the caret stays behind what was pasted', async ({ page }) => {
  await open(page);
  for (const path of ['project.name', 'project.description']) {
    const input = control(page, path);
    await input.fill('Les guichets');
    await input.evaluate((node: HTMLInputElement) => node.setSelectionRange(4, 4));
    await page.keyboard.insertText('\u200bbeaux\t\ufeff');
    await page.keyboard.type('et ');
    await expect(input).toHaveValue('Les beaux et guichets');
  }
});

test('what an input method composes is left alone until it is done', async ({ page }) => {
  await open(page);
  const name = control(page, 'project.name');
  await name.focus();
  const session = await page.context().newCDPSession(page);
  await session.send('Input.imeSetComposition', { text: 'に\u200bほ', selectionStart: 3, selectionEnd: 3 });
  await expect(name).toHaveValue('に\u200bほ');
  await session.send('Input.insertText', { text: 'に\u200bほん' });
  await expect(name).toHaveValue('にほん');
  expect(await answers(page)).toMatchObject({ project: { name: 'にほん' } });
});

test('letters are composed, and shown so once the field is left', async ({ page }) => {
  await open(page);
  const name = control(page, 'project.name');
  await name.fill('E\u0301te\u0301 a\u0300 Noe\u0308l');
  await name.blur();
  await expect(name).toHaveValue('Été à Noël');
  expect(await answers(page)).toMatchObject({ project: { name: 'Été à Noël' } });
});

test('what another client stored with invisible characters is right, and is not touched by looking at it', async ({
  page,
}) => {
  const organisation = {
    siret: '\ufeff217-501-267\u200b-00017',
    applicant: { email: '<dpo@val\u200blon.example>', phone: '\u202a+33 01 99 00 12 34\u202c' },
  };
  const id = await open(page, 'organisation', { organisation });
  for (const path of ['organisation.siret', 'organisation.applicant.email', 'organisation.applicant.phone']) {
    await control(page, path).focus();
    await control(page, path).blur();
    await expect(control(page, path)).not.toHaveAttribute('aria-invalid');
  }
  const after = await stored(page, id);
  expect(after.revision).toBe(1);
  expect(after.draft).toMatchObject({ organisation });
});

test('an imported file may hold tabs, line breaks and letters in parts', async ({ page }) => {
  // The list sends the new draft while its page is opened: one of both comes second, and takes over what the other sent.
  tolerate(STALE);
  await signIn(page);
  // The first tab is written as JSON wants it, the others were put by hand.
  const project = '{"name": "Carte\\tde\tbibliothe\u0300que\u200b",\t"description": "Une carte.\\u000bPour\ttous."}';
  await page.getByLabel('Importer une demande').setInputFiles({
    name: 'demande.json',
    mimeType: 'application/json',
    buffer: Buffer.from(
      `\ufeff{"format": "habilitation-draft", "schema": 1, "exported_at": "2026-11-25T10:00:00Z", "draft": {"project": ${project}}}`,
    ),
  });
  await page.getByRole('link', { name: 'Ouvrir ce brouillon' }).click();
  expect(await answers(page)).toMatchObject({
    project: { name: 'Carte de bibliothèque', description: 'Une carte.\nPour tous.' },
  });
});

test('keyboards leave e-mail and web addresses as they are typed', async ({ page }) => {
  await open(page, 'organisation');
  await expect(control(page, 'organisation.applicant.email')).toHaveAttribute('autocapitalize', 'none');
  await expect(control(page, 'organisation.applicant.email')).toHaveAttribute('autocorrect', 'off');
  await expect(control(page, 'organisation.name')).not.toHaveAttribute('autocapitalize');
  await openStep(page, 'legal');
  await expect(control(page, 'legal.url')).toHaveAttribute('autocapitalize', 'none');
  await expect(control(page, 'legal.url')).toHaveAttribute('autocorrect', 'off');
});

/** Writes into a control as some tools do: without a word, or with these events alone. */
async function write(input: Locator, value: string | boolean, ...events: string[]): Promise<void> {
  await input.evaluate(
    (node, [written, names]) => {
      const target = node as HTMLInputElement;
      if (typeof written === 'boolean') target.checked = written;
      else target.value = written;
      for (const name of names) target.dispatchEvent(new Event(name, { bubbles: true }));
    },
    [value, events] as const,
  );
}

const told: [how: string, events: string[]][] = [
  ['with a change event alone', ['change']],
  ['with an input event alone', ['input']],
  ['with a blur event alone', ['blur']],
  ['without any event', []],
];

test('what a tool writes is the answer once the field is left, whatever it tells of it', async ({ page }) => {
  await open(page);
  for (const [how, events] of told) {
    await test.step(how, async () => {
      for (const [path, text] of [
        ['project.name', `Guichet\u200b ${how}`],
        ['project.description', `Un guichet.\u000b${how}.`],
      ] as const) {
        await control(page, path).focus();
        await write(control(page, path), text, ...events);
        await control(page, path).blur();
      }
      const clean = { name: `Guichet ${how}`, description: `Un guichet.\n${how}.` };
      await expect(control(page, 'project.name')).toHaveValue(clean.name);
      await expect.poll(() => answers(page), { message: how }).toMatchObject({ project: clean });
    });
  }
});

const departures: Record<string, (page: Page) => Promise<unknown>> = {
  'another field is left': async (page) => {
    await control(page, 'project.former_number').or(control(page, 'project.launch_date')).first().focus();
    await page.keyboard.press('Tab');
  },
  'the step is said to be done': goOn,
  'another step is opened': (page) => page.getByRole('navigation', { name: 'Étapes' }).getByRole('link').nth(4).click(),
  'the page is loaded again': (page) => page.reload(),
};

for (const [departure, leave] of Object.entries(departures)) {
  test(`what a tool wrote without a word is taken when ${departure}`, async ({ page }) => {
    // What a page sends as it is left, the one that comes after it may send too: one of both comes second, and takes over the other.
    tolerate(STALE);
    const id = await open(page);
    await write(control(page, 'project.name'), 'Guichet citoyen');
    await write(control(page, 'project.description'), 'Un guichet.\nPour tous.');
    await write(control(page, 'project.migration', 'true'), true);
    await leave(page);
    const project = { name: 'Guichet citoyen', description: 'Un guichet.\nPour tous.', migration: true };
    await expectArrived(page, id, { project });
  });
}

test('what a tool ticks is the answer, whatever it tells of it', async ({ page }) => {
  const id = await open(page, 'terms');
  await write(control(page, 'terms.accepted'), true, 'change');
  await write(control(page, 'terms.dpo_informed'), true);
  await control(page, 'terms.alternative_offered').check();
  await control(page, 'terms.alternative_offered').blur();
  expect(await answers(page, id)).toMatchObject({
    terms: { accepted: true, dpo_informed: true, alternative_offered: true },
  });
  await openStep(page, 'data');
  await write(control(page, 'data.scopes', 'family_name'), true);
  await write(control(page, 'data.scopes', 'email'), true, 'change');
  await control(page, 'data.recipients').fill('Les agents.');
  await control(page, 'data.recipients').blur();
  expect(await answers(page, id)).toMatchObject({
    data: { scopes: ['family_name', 'email'], recipients: 'Les agents.' },
  });
});

test('a tool that fills one field while another is typed in disturbs neither', async ({ page }) => {
  await open(page, 'organisation');
  await control(page, 'organisation.name').pressSequentially('Ville de ');
  await write(control(page, 'organisation.applicant.job_title'), 'Cheffe de projet');
  await page.keyboard.type('Rivemarche');
  await control(page, 'organisation.name').blur();
  await expect(control(page, 'organisation.name')).toHaveValue('Ville de Rivemarche');
  expect(await answers(page)).toMatchObject({
    organisation: { name: 'Ville de Rivemarche', applicant: { job_title: 'Cheffe de projet' } },
  });
});
