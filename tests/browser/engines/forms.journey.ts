/**
 * The main job: a request is filled, read back and submitted.
 */
import { documentsOf, withoutIds } from '../api.ts';
import { request } from '../requests.ts';
import { expectAnswers, expectReceipt, expectSaved, expectStep, fillStep, goOn, STEPS } from './form.ts';
import { expect, requestId, signIn, stored, test } from './harness.ts';

test('a request is filled step by step, reloaded on each, read back and submitted', async ({ tab }) => {
  const { draft } = request('town-hall');
  await signIn(tab);
  await tab.goto('?demande=nouvelle');
  for (const [place, step] of STEPS.entries()) {
    await expectStep(tab, step);
    const next = STEPS[place + 1];
    if (next === undefined) break;
    await fillStep(tab, draft, step);
    await expectSaved(tab);
    await tab.reload();
    await expectStep(tab, step);
    await expectAnswers(tab, draft, step);
    await goOn(tab);
    await expectStep(tab, next);
  }
  for (const document of documentsOf(draft)) await tab.expectText('main', document.name);
  const id = await requestId(tab);
  await tab.button('Envoyer la demande').click();
  const number = await expectReceipt(tab);
  const held = await stored(tab, id);
  expect(held.state).toBe('submitted');
  expect(withoutIds(held.draft as never)).toEqual(withoutIds(draft));
  expect(held.number).toBe(number);
});
