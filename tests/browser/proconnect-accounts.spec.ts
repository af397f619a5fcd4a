import { type APIRequestContext, request as requests } from '@playwright/test';
import { expect, test as base } from './harness.ts';
import { type Registered, registered } from './provider.ts';

const NOEMIE = {
  sub: 'first',
  given_name: 'Noémie',
  usual_name: 'Lœb',
  email: 'noemie.loeb@vallon-les-pres.example',
  siret: '21990042000015',
  organization_label: 'Commune de Vallon-les-Prés',
  roles: ['agent_public'],
  idp_id: '71144ab3-ee1a-4401-b7b3-79b44f7daeeb',
  acr: 'eidas1',
};

/** A server of each test, whose accounts nobody else has. */
const test = base.extend<{ fresh: Registered }>({
  fresh: async ({}, use) => {
    const both = await registered();
    await use(both);
    await both.stop();
  },
  baseURL: async ({ fresh }, use) => use(fresh.server.address),
});

/** Signs somebody in by a subject, in a browser without a window. */
async function enter(both: Registered, person: Record<string, unknown>): Promise<APIRequestContext> {
  // Others with the same address are not asked for by it: the stand-in knows people by their subject.
  await both.provider.person({ ...NOEMIE, ...person });
  const context = await requests.newContext({ baseURL: both.server.address });
  let answer = await context.get('api/proconnect/sign-in', { maxRedirects: 0 });
  for (let hops = 0; hops < 10; hops++) {
    let address = new URL(answer.headers()['location'] ?? '', answer.url());
    if (address.href.startsWith(both.server.address) && !address.pathname.startsWith('/api/')) break;
    if (address.pathname.includes('/interaction/'))
      address = new URL(`${address.href}?sub=${person['sub'] ?? 'first'}`);
    answer = await context.get(address.href, { maxRedirects: 0 });
  }
  return context;
}

async function id(context: APIRequestContext): Promise<string> {
  return (await (await context.get('api/session')).json()).user.id;
}

async function session(context: APIRequestContext): Promise<number> {
  return (await context.get('api/session')).status();
}

/** The links about accounts in the mails so far, once there are so many. */
async function links(both: Registered, count: number): Promise<string[]> {
  const found = async (): Promise<string[]> => {
    const mails = await both.server.mails();
    return mails.flatMap((mail) => mail.match(/http\S+\/api\/accounts\/links\/[\w-]{43}/g) ?? []);
  };
  await expect.poll(async () => (await found()).length).toBe(count);
  return found();
}

function press(both: Registered, context: APIRequestContext, link: string, form = {}) {
  return context.post(link, { form, headers: { origin: new URL(both.server.address).origin } });
}

test('a person whose account got a subject that is not theirs takes it out, by a link that does nothing when it is opened', async ({
  fresh,
}) => {
  await fresh.provider.set({ auto: '' });
  const hers = await enter(fresh, {});
  const other = await enter(fresh, { sub: 'second' });
  expect(await id(other)).toBe(await id(hers));
  const [link = ''] = await links(fresh, 1);
  const anybody = await requests.newContext();
  for (let times = 0; times < 2; times++) expect(await (await anybody.get(link)).text()).toContain('Ce n’est pas moi');
  expect([await session(hers), await session(other)]).toEqual([200, 200]);
  expect(await (await press(fresh, anybody, link)).text()).toContain('n’ouvre plus votre compte');
  expect([await session(hers), await session(other)]).toEqual([200, 401]);
  expect((await press(fresh, anybody, link)).status()).toBe(404);
  expect((await anybody.get(link)).status()).toBe(404);
  expect(await id(await enter(fresh, { sub: 'second' })), 'it is not added again').not.toBe(await id(hers));
});

test('requests of an earlier account are found by a link to its address, in the session that asked', async ({
  fresh,
}) => {
  await fresh.provider.set({ auto: '' });
  const hers = await enter(fresh, {});
  const former = await id(hers);
  const now = await enter(fresh, { sub: 'second', email: 'n.loeb@marais-bleu.example' });
  expect(await id(now)).not.toBe(former);
  expect(await (await now.get('api/accounts/former')).text()).toContain('Retrouver mes demandes');
  const ask = async (email: string) => (await press(fresh, now, 'api/accounts/former', { email })).text();
  // Whoever asks learns nothing.
  expect(await ask('Noemie.Loeb@vallon-les-pres.example')).toBe(await ask('personne@vallon-les-pres.example'));
  const [link = ''] = await links(fresh, 1);
  const stranger = await enter(fresh, { sub: 'third', email: 'karim@marais-bleu.example', usual_name: 'Saïdi' });
  for (const context of [await requests.newContext(), hers, stranger]) {
    expect((await press(fresh, context, link)).status(), 'the mail alone gives nothing').toBe(403);
  }
  expect((await press(fresh, now, link)).status()).toBe(200);
  expect(await session(now)).toBe(401);
  expect(await id(await enter(fresh, { sub: 'second', email: 'n.loeb@marais-bleu.example' }))).toBe(former);
  expect(await id(hers), 'the first way in stays').toBe(former);
});

test('who is signed out is led to the sign-in page', async ({ fresh }) => {
  const anybody = await requests.newContext({ baseURL: fresh.server.address });
  const answer = await anybody.get('api/accounts/former', { maxRedirects: 0 });
  expect([answer.status(), answer.headers()['location']]).toEqual([303, '/?page=connexion&retour=page%3Ddemandes']);
});

test('the former address of an account and the new one are both told', async ({ fresh }) => {
  await fresh.provider.set({ auto: '' });
  await enter(fresh, {});
  await enter(fresh, { email: 'n.loeb@vallon-les-pres.example' });
  const told = async () =>
    (await fresh.server.mails())
      .filter((mail) => mail.includes('Votre adresse'))
      .map((mail) => /^To: (\S+)/m.exec(mail)?.[1]);
  await expect
    .poll(async () => (await told()).sort())
    .toEqual(['n.loeb@vallon-les-pres.example', 'noemie.loeb@vallon-les-pres.example']);
});
