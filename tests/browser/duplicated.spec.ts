/**
 * A tab that the person duplicates before anything was typed: both begin the same request.
 */
import { STALE, tolerate } from './complaints.ts';
import { expectStored } from './draft.ts';
import { control, expectStep } from './form.ts';
import { expect, expectSaved, requestId, signedIn, test } from './harness.ts';

test('a duplicated tab of a new request asks nothing about what was filled in beforehand', async ({
  page,
  context,
}) => {
  tolerate(STALE);
  await signedIn(page);
  await page.goto('?demande=nouvelle');
  await expectStep(page, 'organisation');
  const id = requestId(page);
  // Browsers hand the session's storage over to the duplicate.
  const session = await page.evaluate(() => Object.entries(sessionStorage));
  const duplicate = await context.newPage();
  await duplicate.addInitScript(
    (entries) => entries.forEach(([name, value]) => sessionStorage.setItem(name, value)),
    session,
  );
  await duplicate.goto(page.url());
  await expectStep(duplicate, 'organisation');
  await control(page, 'organisation.applicant.phone').fill('01 99 00 56 78');
  await control(duplicate, 'organisation.applicant.job_title').fill('Directrice');
  await control(duplicate, 'organisation.name').fill('Commune de Vallon');
  for (const tab of [page, duplicate]) {
    await expectSaved(tab);
    await expect(tab.getByRole('main')).not.toContainText('Deux versions');
    await expect(tab.locator('.save-status')).not.toContainText('À vérifier');
  }
  await expectStored(page, id, {
    organisation: { name: 'Commune de Vallon', applicant: { phone: '01 99 00 56 78', job_title: 'Directrice' } },
  });
});
