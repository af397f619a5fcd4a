/**
 * What the page listens to ends with what it is about.
 */
import { store } from './api.ts';
import { control, expectStep } from './form.ts';
import { expect, signedIn, test } from './harness.ts';

test('a control that is gone does nothing more, whatever it hears', async ({ page }) => {
  await signedIn(page);
  await page.goto(`?demande=${await store(page, { project: { name: 'Guichet' } })}&etape=project`);
  await expectStep(page, 'project');
  const gone = await page.evaluateHandle(() =>
    [
      '[name="project.name"]',
      '[name="project.description"]',
      '[name="project.mockups"]',
      '.drop-zone',
      'form.card',
    ].map((selector) => document.querySelector(selector)),
  );
  await control(page, 'project.name').focus();
  await page.getByRole('link', { name: /Les données/ }).click();
  await expectStep(page, 'data');
  const complaints = await gone.evaluate((nodes) => {
    const heard: string[] = [];
    const hear = (event: ErrorEvent): void => void heard.push(event.message);
    addEventListener('error', hear);
    for (const node of nodes) {
      if (node === null || node.isConnected) throw new Error('the page still shows it');
      for (const name of ['blur', 'input', 'change', 'dragleave', 'submit']) {
        node.dispatchEvent(new Event(name, { cancelable: true }));
      }
    }
    removeEventListener('error', hear);
    return heard;
  });
  expect(complaints).toEqual([]);
});
