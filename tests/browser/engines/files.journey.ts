/**
 * Files: documents are sent and read back, a request is exported and taken back.
 */
import { documentsOf } from '../api.ts';
import { DOCUMENT_LIMIT, sample } from '../files.ts';
import { expectSaved, expectStep, fileRow, onDisk } from './form.ts';
import { downloaded, expect, open, requestId, stored, test } from './harness.ts';

test('chosen files are sent, kept across a reload and read back to the byte', async ({ tab, engine }) => {
  const id = await open(tab);
  const files = [
    sample('écran d’accueil.pdf', 'application/pdf', 4_000),
    sample('b.png', 'image/png', 2_000),
    sample('c.jpg', 'image/jpeg', 3_000),
  ];
  await tab.control('project.mockups').choose(...(await onDisk(...files)));
  for (const { name } of files) await fileRow(tab, name).find('*', 'Envoyé').expectShown();
  await expectSaved(tab);
  await tab.reload();
  await expectStep(tab, 'project');
  for (const { name } of files) await fileRow(tab, name).find('*', 'Envoyé').expectShown();
  const held = documentsOf((await stored(tab, id)).draft as never);
  expect(held.map(({ name, size, type }) => [name, size, type])).toEqual([
    ['écran d’accueil.pdf', 4_000, 'application/pdf'],
    ['b.png', 2_000, 'image/png'],
    ['c.jpg', 3_000, 'image/jpeg'],
  ]);
  for (const { name, buffer } of files) {
    await fileRow(tab, name).find('a', name).click();
    expect((await downloaded(engine, name)).equals(buffer)).toBe(true);
  }
  await expectStep(tab, 'project');
});

test('the largest file allowed arrives whole, and one that is too large is refused before anything is sent', async ({
  tab,
}) => {
  await open(tab);
  const [largest = '', larger = ''] = await onDisk(
    sample('grand.pdf', 'application/pdf', DOCUMENT_LIMIT),
    sample('trop grand.pdf', 'application/pdf', DOCUMENT_LIMIT + 1),
  );
  await tab.control('project.mockups').choose(largest);
  await fileRow(tab, 'grand.pdf').find('*', 'Envoyé').expectShown();
  await tab.control('project.mockups').choose(larger);
  await tab.expectText('main', '« trop grand.pdf » n’a pas été ajouté : il dépasse 10 Mo');
});

test('an upload shows its progress, can be cancelled, and can be tried again', async ({ tab, network }) => {
  const id = await open(tab);
  network.fate = ({ url }) => (url?.includes('/documents/') === true ? 'held' : 'pass');
  const [file = ''] = await onDisk(sample('lent.pdf', 'application/pdf', 2_000_000));
  await tab.control('project.mockups').choose(file);
  await fileRow(tab, 'lent.pdf').find('progress').expectShown();
  await tab.button(/Annuler l’envoi/).click();
  await fileRow(tab, 'lent.pdf').expectGone();
  network.up();
  await expectSaved(tab);
  expect(documentsOf((await stored(tab, id)).draft as never)).toEqual([]);

  network.fate = ({ url }) => (url?.includes('/documents/') === true ? 'lost' : 'pass');
  await tab.control('project.mockups').choose(file);
  await tab.button(/Réessayer/).expectShown();
  network.up();
  await tab.button(/Réessayer/).click();
  await fileRow(tab, 'lent.pdf').find('*', 'Envoyé').expectShown();
});

test('an exported request comes back as a new draft', async ({ tab, engine }) => {
  const id = await open(tab);
  await tab.control('project.name').fill('Guichet citoyen');
  await tab.control('project.launch_date').fill('01/09/2031');
  await expectSaved(tab);
  await tab.find('summary', 'Où sont gardées mes réponses ?').click();
  await tab.button('Exporter dans un fichier').click();
  const content = await downloaded(engine, 'Guichet citoyen.json');
  expect(content.toString()).toContain('01/09/2031');

  await tab.link('Mes demandes').click();
  await tab.expectHeading('Mes demandes');
  await tab.find('input[type=file]').choose(...(await onDisk({ name: 'demande.json', mimeType: '', buffer: content })));
  await tab.expectText('main', 'est importée dans un nouveau brouillon');
  // Once the service lists it, nothing moves any more.
  await tab.find('.badge', 'Sur cet appareil').expectGone();
  await tab.link('Ouvrir ce brouillon').click();
  await tab.control('organisation.name').expectShown();
  await expectSaved(tab);
  const anew = await requestId(tab);
  expect(anew).not.toBe(id);
  expect((await stored(tab, anew)).draft).toMatchObject({
    project: { name: 'Guichet citoyen', launch_date: '01/09/2031' },
  });
});
