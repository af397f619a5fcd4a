/**
 * Where the focus goes and what the window is called, when a step changes and when one is refused.
 */
import { store, stored } from './api.ts';
import { control, expectStep, goOn, openRequest, REFUSED, send } from './form.ts';
import { expect, signedIn, test, told, words } from './harness.ts';
import { request, STEPS } from './requests.ts';

const TITLES = [
  'L’organisation',
  'Le projet',
  'Les données',
  'Le niveau de garantie',
  'Le cadre juridique',
  'Les personnes',
  'Les engagements',
  'Relire et envoyer',
];

test.beforeEach(async ({ page }) => signedIn(page));

test('going on moves the focus to the heading of the next step and renames the window', async ({ page }) => {
  await page.goto(`?demande=${await store(page, request('town-hall').draft)}&etape=organisation`);
  for (const [place, step] of STEPS.entries()) {
    const heading = page.getByRole('heading', { level: 1 });
    await expectStep(page, step);
    await expect(heading).toContainText(String(TITLES[place]));
    await expect(page).toHaveTitle(new RegExp(String(TITLES[place])));
    if (place > 0) await expect(heading).toBeFocused();
    if (step !== 'review') await goOn(page);
  }
});

test('whoever is at a field before a slow frame has come stays there', async ({ page }) => {
  await openRequest(page, await store(page, request('town-hall').draft), 'organisation');
  await page.evaluate(() => {
    const late: FrameRequestCallback[] = [];
    window.requestAnimationFrame = (callback) => late.push(callback);
    Object.assign(window, { comeFrame: () => late.splice(0).forEach((callback) => callback(performance.now())) });
  });
  const comeFrame = () => page.evaluate(() => (window as unknown as { comeFrame(): void }).comeFrame());
  await goOn(page);
  await expectStep(page, 'project');
  await control(page, 'project.description').focus();
  await comeFrame();
  await expect(control(page, 'project.description')).toBeFocused();
  await page.getByRole('link', { name: /Les données/ }).click();
  await expectStep(page, 'data');
  await comeFrame();
  await expect(page.getByRole('heading', { level: 1 })).toBeFocused();
});

test('a refused step keeps the person there, lists what is wrong and leads to each field', async ({ page }) => {
  await openRequest(page, await store(page, {}), 'project');
  await expect(page.locator('[aria-invalid]')).toHaveCount(0);
  await goOn(page);
  await expectStep(page, 'project');
  await expect(page).toHaveTitle(REFUSED);
  const summary = page.locator(':focus');
  await expect(summary).toContainText('Indiquez le nom du projet.');
  await expect(summary.getByRole('listitem')).toHaveCount(5);
  await summary.getByRole('link', { name: /Date de mise en service/i }).click();
  await expect(control(page, 'project.launch_date')).toBeFocused();
  await expect(control(page, 'project.launch_date')).toHaveAttribute('aria-invalid', 'true');
  await expect(control(page, 'project.launch_date')).toHaveAccessibleDescription(words(/Indiquez la date prévue/));
});

test('a refused step can be left all the same', async ({ page }) => {
  await page.goto(`?demande=${await store(page, {})}&etape=project`);
  await goOn(page);
  await page.getByRole('link', { name: 'Continuer quand même' }).click();
  await expectStep(page, 'data');
});

test('an error goes as soon as it is mended, and none comes while a first answer is typed', async ({ page }) => {
  await page.goto(`?demande=${await store(page, {})}&etape=project`);
  const date = control(page, 'project.launch_date');
  await date.pressSequentially('31/02/2031');
  await expect(date).not.toHaveAttribute('aria-invalid');
  await date.blur();
  await expect(date).toHaveAttribute('aria-invalid', 'true');
  // Whoever cannot see it is somewhere else already: they are told.
  await expect(told(page)).toContainText(words(/^Date de mise en service prévue : /));
  await date.press('End');
  for (let key = 0; key < '31/02/2031'.length; key += 1) await date.press('Backspace');
  await date.pressSequentially('28/02/2031');
  await expect(date).not.toHaveAttribute('aria-invalid');
});

test('a refused submission lists every error, each linked to its field, and leaves the draft', async ({ page }) => {
  const { draft, findings } = request('incomplete-review');
  const id = await store(page, draft);
  await openRequest(page, id, 'review');
  await send(page);
  await expect(page).toHaveTitle(REFUSED);
  const errors = findings.filter(({ level }) => level === 'error');
  const summary = page.locator(':focus');
  await expect(summary.getByRole('listitem')).toHaveCount(errors.length);
  expect(await stored(page, id)).toMatchObject({ state: 'draft', draft });
  await summary.getByRole('link').first().click();
  await expectStep(page, 'data');
  await expect(control(page, 'data.scopes').first()).toBeFocused();
});

test('the skip link leads past the header', async ({ page }) => {
  await page.goto('?page=aide');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await page.keyboard.press('Tab');
  await expect(page.locator(':focus')).toHaveText('Aller au contenu');
  await page.keyboard.press('Enter');
  const main = page.getByRole('main');
  await expect(main.and(page.locator(':focus')).or(main.locator(':focus'))).toBeVisible();
});
