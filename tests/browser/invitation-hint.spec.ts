/** The link of an invitation leads to the account that was invited, whose address stands in no address of ours. */
import { type APIRequestContext, request as requests } from '@playwright/test';
import { newId } from './api.ts';
import { tolerate } from './complaints.ts';
import { expect, test as base } from './harness.ts';
import { identify, type Registered, registered } from './provider.ts';

const OWNER = { sub: 'owner', given_name: 'Noémie', usual_name: 'Lœb', email: 'noemie.loeb@vallon-les-pres.example' };
const INVITED = {
  sub: 'invited',
  given_name: 'Karim',
  usual_name: 'Saïdi',
  email: 'karim.saidi@vallon-les-pres.example',
};
const TIE = {
  siret: '21990042000015',
  organization_label: 'Commune de Vallon-les-Prés',
  idp_id: '71144ab3-ee1a-4401-b7b3-79b44f7daeeb',
  acr: 'eidas1',
};

const test = base.extend<{ fresh: Registered }>({
  fresh: async ({}, use) => {
    const both = await registered();
    for (const person of [OWNER, INVITED]) await both.provider.person({ ...TIE, ...person });
    await use(both);
    await both.stop();
  },
  baseURL: async ({ fresh }, use) => use(fresh.server.address),
});

/** The owner, in a browser without a window. */
async function owner(both: Registered): Promise<APIRequestContext> {
  await both.provider.set({ auto: OWNER.email });
  const context = await requests.newContext({ baseURL: both.server.address });
  await context.get('api/proconnect/sign-in');
  await both.provider.set({ auto: '' });
  return context;
}

test('whoever follows an invitation signs in as the person who was invited, without choosing', async ({
  page,
  fresh,
}) => {
  tolerate(/was preloaded using link preload but not used/);
  const hers = await owner(fresh);
  const headers = { origin: new URL(fresh.server.address).origin };
  const id = newId();
  const draft = { schema: 1, draft: { project: { name: 'Guichet partagé' } } };
  const saved = await hers.put(`api/requests/${id}`, { data: draft, headers: { ...headers, 'If-None-Match': '*' } });
  expect(saved.status(), await saved.text()).toBe(201);
  const invited = await hers.put(`api/requests/${id}/invitations/${newId()}`, {
    data: { email: INVITED.email, role: 'editor' },
    headers,
  });
  expect(invited.status(), await invited.text()).toBe(201);
  const link = async (): Promise<string | undefined> =>
    (await fresh.server.mails()).map((mail) => /\?invitation=[\w-]{43}/.exec(mail)?.[0]).find(Boolean);
  await expect.poll(link).toBeTruthy();

  const addresses: URL[] = [];
  page.on('request', (request) => void addresses.push(new URL(request.url())));
  await page.goto((await link()) ?? '');
  const [cookie] = (await page.context().cookies(new URL('api/proconnect/sign-in', fresh.server.address).href)).filter(
    ({ name }) => name === 'habilitation_invitation',
  );
  expect(cookie).toMatchObject({ path: '/api/proconnect/sign-in', sameSite: 'Strict' });
  await identify(page);
  await expect(page.getByRole('main')).toContainText('L’invitation est acceptée');

  const ours = addresses.filter(({ origin }) => origin === headers.origin).map(({ href }) => decodeURIComponent(href));
  expect(ours.filter((address) => /karim|login_hint/i.test(address))).toEqual([]);
  const hints = addresses.filter(({ searchParams }) => searchParams.get('login_hint') === INVITED.email);
  expect(hints.map(({ pathname }) => pathname)).toEqual(['/api/v2/authorize']);
  const left = await page.context().cookies(new URL('api/proconnect/sign-in', fresh.server.address).href);
  expect(left.map(({ name }) => name)).not.toContain('habilitation_invitation');
});
