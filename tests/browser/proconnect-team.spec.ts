import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type APIRequestContext, request as requests } from '@playwright/test';
import { expect, test as base, words } from './harness.ts';
import { identify, type Registered, registered } from './provider.ts';

const PROVIDER = '71144ab3-ee1a-4401-b7b3-79b44f7daeeb';
const CLAIRE = {
  sub: 'claire',
  given_name: 'Claire',
  usual_name: 'Fontaine',
  email: 'claire.fontaine@equipe.example',
  siret: '13002526500013',
  organization_label: 'Équipe',
  roles: ['agent_public'],
  idp_id: PROVIDER,
  acr: 'eidas1',
  asked_acr: 'eidas1-mfa',
};

/** A server whose team is Claire, by the subject that the stand-in has for her. */
const test = base.extend<{ fresh: Registered }, { registered: Registered }>({
  registered: [
    async ({}, use) => {
      const both = await registered('ES256', false, async (issuer, folder) => {
        const file = path.join(folder, 'team.json');
        const member = { issuer, subject: 'claire', name: 'Claire Fontaine', office: 'Instructrice', role: 'examiner' };
        await writeFile(file, JSON.stringify({ members: [member] }));
        return ['--team', file, '--trusted-identity-providers', PROVIDER];
      });
      await use(both);
      await both.stop();
    },
    { scope: 'worker' },
  ],
  fresh: async ({ registered }, use) => {
    await registered.provider.mend();
    await registered.provider.set({ auto: CLAIRE.email });
    await registered.provider.person(CLAIRE);
    await use(registered);
  },
  baseURL: async ({ fresh }, use) => use(fresh.server.address),
});

// They change what one stand-in says.
test.describe.configure({ mode: 'serial' });

interface Arrival {
  context: APIRequestContext;
  place: string;
  trips: number;
}

/** Signs in without a window, and tells where that led to, and how often the provider was asked. */
async function arrive(both: Registered, context?: APIRequestContext): Promise<Arrival> {
  const visitor = context ?? (await requests.newContext({ baseURL: both.server.address }));
  let address = new URL('api/proconnect/sign-in', both.server.address).href;
  let trips = 0;
  for (let hops = 0; hops < 20; hops++) {
    const answer = await visitor.get(address, { maxRedirects: 0 });
    if (answer.status() !== 303 && answer.status() !== 302) break;
    address = new URL(answer.headers()['location'] ?? '', address).href;
    if (address.includes('/authorize?')) trips += 1;
    if (address.startsWith(both.server.address) && !address.includes('/api/')) break;
  }
  return { context: visitor, place: address.slice(both.server.address.length), trips };
}

async function role(context: APIRequestContext): Promise<string | undefined> {
  return (await (await context.get('api/session')).json()).role;
}

async function queue(context: APIRequestContext): Promise<number> {
  return (await context.get('api/examination/requests')).status();
}

test('a member is asked for a second factor, and is of the team then', async ({ fresh }) => {
  const { context, trips } = await arrive(fresh);
  expect([trips, await role(context), await queue(context)]).toEqual([2, 'examiner', 200]);
  const team = await (await context.get('api/examination/team')).json();
  expect(team.people).toMatchObject([{ name: 'Claire Fontaine', role: 'examiner' }]);
  await fresh.server.down();
  await fresh.server.up();
  expect(await queue(context), 'the session remembers how it began').toBe(200);
});

test('who shows two factors at once is not asked again', async ({ fresh }) => {
  await fresh.provider.person({ ...CLAIRE, acr: 'eidas2' });
  const { context, trips } = await arrive(fresh);
  expect([trips, await role(context)]).toEqual([1, 'examiner']);
});

test('nobody is of the team by an e-mail address alone, nor by a name', async ({ fresh }) => {
  await fresh.provider.person({ ...CLAIRE, sub: 'impostor', email: 'Claire.Fontaine@EQUIPE.example', acr: 'eidas3' });
  await fresh.provider.set({ auto: 'Claire.Fontaine@EQUIPE.example' });
  const { context, place, trips } = await arrive(fresh);
  expect([place, trips, await role(context), await queue(context)]).toEqual(['?page=demandes', 1, undefined, 404]);
});

test('nobody is added to the account of a member, whatever else of them agrees', async ({ fresh }) => {
  const { context: hers } = await arrive(fresh);
  await fresh.provider.person({ ...CLAIRE, sub: 'alike', email: 'CLAIRE.fontaine@equipe.example', acr: 'eidas3' });
  await fresh.provider.set({ auto: 'CLAIRE.fontaine@equipe.example' });
  const { context } = await arrive(fresh);
  const id = async (who: APIRequestContext) => (await (await who.get('api/session')).json()).user.id;
  expect(await id(context), 'it is another account').not.toBe(await id(hers));
  expect([await role(context), await queue(context)]).toEqual([undefined, 404]);
  expect(await queue(hers)).toBe(200);
});

test('a member of another identity provider is an ordinary person, and is told so', async ({ fresh }) => {
  await fresh.provider.person({ ...CLAIRE, acr: 'eidas3', idp_id: 'another' });
  const { context, place } = await arrive(fresh);
  expect(place).toBe('?page=connexion&retour=page%3Ddemandes&erreur=provider');
  expect([await role(context), await queue(context)]).toEqual([undefined, 404]);
});

test('a level that stands anywhere but in the signed identity token counts for nothing', async ({ fresh }) => {
  await fresh.provider.person({ ...CLAIRE, asked_acr: 'eidas1' });
  await fresh.provider.set({ lie: { '/userinfo': { claims: { acr: 'eidas3', idp_acr: 'eidas3' } } } });
  const { context, place } = await arrive(fresh);
  expect(place).toBe('?page=connexion&retour=page%3Ddemandes&erreur=one-factor');
  expect([await role(context), await queue(context)]).toEqual([undefined, 404]);
});

test('a provider that answers with one factor though two were asked for makes no member', async ({ fresh }) => {
  await fresh.provider.set({ lie: { '/token': { claims: { acr: 'eidas1' } } } });
  const { context, place, trips } = await arrive(fresh);
  expect(trips).toBe(2);
  expect(place).toBe('?page=connexion&retour=page%3Ddemandes&erreur=one-factor');
  expect([await role(context), await queue(context)]).toEqual([undefined, 404]);
});

test('who signs in with one factor reads how members sign in', async ({ page, fresh }) => {
  await fresh.provider.person({ ...CLAIRE, asked_acr: 'eidas1' });
  await page.goto('?page=connexion');
  await identify(page);
  await expect(page.getByRole('alert')).toContainText(words(/vous êtes connecté comme demandeur/));
  await expect(page.getByText(/Votre session est toujours ouverte au nom de Claire Fontaine/)).toBeVisible();
});
