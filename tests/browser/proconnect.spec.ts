import { type APIRequestContext, type APIResponse, type Browser, request as requests } from '@playwright/test';
import { expect, expectWellMade, test as base, words } from './harness.ts';
import { identify, type KnobsToSet, type Registered, registered } from './provider.ts';

/** A server with the stand-in that it is registered with, of each worker. */
const test = base.extend<{ fresh: Registered }, { registered: Registered }>({
  registered: [
    async ({}, use) => {
      const both = await registered();
      await use(both);
      await both.stop();
    },
    { scope: 'worker' },
  ],
  fresh: async ({ registered }, use) => {
    await registered.provider.mend();
    await use(registered);
    await registered.provider.mend();
  },
  baseURL: async ({ fresh }, use) => use(fresh.server.address),
});

// They change what one stand-in says.
test.describe.configure({ mode: 'serial' });

/** A person's browser without a window, which follows redirections by hand. */
function visitor(both: Registered): Promise<APIRequestContext> {
  return requests.newContext({ baseURL: both.server.address });
}

function hop(context: APIRequestContext, address: string): Promise<APIResponse> {
  return context.get(address, { maxRedirects: 0 });
}

function next(answer: APIResponse): string {
  return new URL(answer.headers()['location'] ?? '', answer.url()).href;
}

/** Follows the redirections of the stand-in until it leads back, and returns the address of the callback. */
async function identified(context: APIRequestContext, both: Registered, query = ''): Promise<string> {
  let answer = await hop(context, `api/proconnect/sign-in${query}`);
  while (!next(answer).startsWith(both.server.address)) answer = await hop(context, next(answer));
  return next(answer);
}

/** Signs in, and returns where that leads to. */
async function signedIn(context: APIRequestContext, both: Registered, query = ''): Promise<string> {
  const answer = await hop(context, await identified(context, both, query));
  expect(answer.status()).toBe(303);
  return next(answer).slice(both.server.address.length);
}

async function session(context: APIRequestContext): Promise<number> {
  return (await context.get('api/session')).status();
}

test('a person signs in, comes back to where they were, and out through the provider', async ({ fresh }) => {
  const context = await visitor(fresh);
  const to = '?demande=nouvelle&project.name=L%C3%A9a';
  const begun = await hop(context, `api/proconnect/sign-in?to=${encodeURIComponent(`/${to}`)}`);
  expect(begun.headers()).toMatchObject({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' });
  expect(begun.headers()['set-cookie']).toMatch(
    /^habilitation_signin_[\w-]{16}=\S+; HttpOnly; Path=\/; SameSite=Lax; Max-Age=600$/,
  );
  const asked = new URL(next(begun)).searchParams;
  for (const name of ['state', 'nonce', 'code_challenge']) expect(asked.get(name)).toMatch(/^[\w-]{43}$/);
  expect([...asked.keys()].sort()).toEqual([
    'claims',
    'client_id',
    'code_challenge',
    'code_challenge_method',
    'nonce',
    'redirect_uri',
    'response_type',
    'scope',
    'state',
  ]);
  expect(await signedIn(context, fresh, `?to=${encodeURIComponent(`/${to}`)}`)).toBe(to);

  const { user, organisation, role } = await (await context.get('api/session')).json();
  expect(user).toMatchObject({
    given_name: 'Noémie',
    family_name: 'Lœb',
    email: 'Noemie.Loeb@vallon-les-pres.example',
  });
  expect(user.id).toMatch(/^proconnect:[\da-f-]{36}$/);
  expect(organisation).toEqual({
    siret: '21990042000015',
    name: 'Commune de Vallon-les-Prés',
    kind: 'administration',
  });
  expect(role).toBeUndefined();

  const headers = { origin: new URL(fresh.server.address).origin };
  const ended = await context.delete('api/session', { headers });
  const { sign_out_url } = await ended.json();
  expect(await session(context)).toBe(401);
  let answer = await hop(context, sign_out_url);
  expect(answer.status()).toBe(200);
  const form = await answer.text();
  const xsrf = /name="xsrf" value="(\w+)"/.exec(form)?.[1] ?? '';
  answer = await context.post(/action="([^"]+)"/.exec(form)?.[1] ?? '', {
    form: { xsrf, logout: 'yes' },
    maxRedirects: 0,
  });
  expect(next(answer)).toMatch(/\/api\/proconnect\/signed-out/);
  expect(next(await hop(context, next(answer)))).toBe(fresh.server.address);
});

test('the same person has the same account, another person another', async ({ fresh }) => {
  const id = async (auto: string): Promise<string> => {
    await fresh.provider.set({ auto });
    const context = await visitor(fresh);
    await signedIn(context, fresh);
    return (await (await context.get('api/session')).json()).user.id;
  };
  const first = await id('any');
  expect(await id('any')).toBe(first);
  expect(await id('stephane.muller@marais-bleu.example')).not.toBe(first);
});

test('nothing of the demonstration answers', async ({ fresh }) => {
  const context = await visitor(fresh);
  expect((await context.get('api/demo/people')).status()).toBe(404);
  const headers = { origin: new URL(fresh.server.address).origin };
  expect((await context.post('api/demo/session', { data: { person: 'noemie' }, headers })).status()).toBe(404);
});

test('a place of another site is not led back to', async ({ fresh }) => {
  for (const to of [
    '//evil.example',
    'https://evil.example',
    '/\\evil.example',
    '/api/proconnect/callback',
    '/%09/evil.example',
  ]) {
    expect(await signedIn(await visitor(fresh), fresh, `?to=${encodeURIComponent(to)}`), to).toBe('?page=demandes');
  }
});

const lies: [string, NonNullable<KnobsToSet['lie']>, string][] = [
  ['without a signature', { '/token': { header: { alg: 'none' } } }, 'untrusted'],
  ['signed with the secret', { '/token': { header: { alg: 'HS256' } } }, 'untrusted'],
  ['signed with another algorithm', { '/token': { header: { alg: 'RS256' } } }, 'untrusted'],
  ['signed with an unknown key', { '/token': { header: { kid: 'unknown' } } }, 'untrusted'],
  ['of another issuer', { '/token': { claims: { iss: 'http://evil.example' } } }, 'untrusted'],
  ['for another service', { '/token': { claims: { aud: 'another' } } }, 'untrusted'],
  ['that has expired', { '/token': { claims: { exp: 1 } } }, 'untrusted'],
  ['of another attempt', { '/token': { claims: { nonce: 'x'.repeat(43) } } }, 'untrusted'],
  ['without a nonce', { '/token': { claims: { nonce: null } } }, 'untrusted'],
  ['claims of another person', { '/userinfo': { claims: { sub: '5f2c7c1e-0002' } } }, 'untrusted'],
  ['claims without a signature', { '/userinfo': { header: { alg: 'none' } } }, 'untrusted'],
  ['claims for another service', { '/userinfo': { claims: { aud: 'another' } } }, 'untrusted'],
  ['no organisation', { '/userinfo': { claims: { siret: '' } } }, 'incomplete'],
  ['no address', { '/userinfo': { claims: { email: null } } }, 'incomplete'],
];

for (const [what, lie, code] of lies) {
  test(`nobody is signed in by a token: ${what}`, async ({ fresh }) => {
    await fresh.provider.set({ lie });
    const context = await visitor(fresh);
    expect(await signedIn(context, fresh, '?to=/?page=demandes')).toBe(
      `?page=connexion&retour=page%3Ddemandes&erreur=${code}`,
    );
    expect(await session(context)).toBe(401);
  });
}

test('a callback counts once, in the browser that began, as it was sent', async ({ fresh }) => {
  const [one, other] = [await visitor(fresh), await visitor(fresh)];
  const callback = await identified(one, fresh);
  const expired = `${fresh.server.address}?page=connexion&erreur=expired`;
  expect(next(await hop(other, callback))).toBe(expired);
  await identified(other, fresh);
  expect(next(await hop(other, callback))).toBe(expired);
  const changed = (name: string, value?: string): string => {
    const address = new URL(callback);
    if (value === undefined) address.searchParams.delete(name);
    else address.searchParams.set(name, value);
    return address.href;
  };
  expect(next(await hop(one, changed('state')))).toBe(expired);
  expect(next(await hop(one, changed('state', 'x'.repeat(43))))).toBe(expired);
  // The attempt is there still: nobody showed its state.
  expect(next(await hop(one, callback))).toBe(`${fresh.server.address}?page=demandes`);
  expect(next(await hop(one, callback))).toBe(expired);
  for (const [name, value] of [
    ['iss', undefined],
    ['iss', 'http://evil.example'],
    ['code', undefined],
    ['code', ''],
  ] as const) {
    const again = await visitor(fresh);
    const address = new URL(await identified(again, fresh));
    if (value === undefined) address.searchParams.delete(name);
    else address.searchParams.set(name, value);
    expect(next(await hop(again, address.href)), name).toMatch(/erreur=untrusted$/);
    expect(await session(again)).toBe(401);
  }
});

test('a code that was used is refused', async ({ fresh }) => {
  const context = await visitor(fresh);
  const [first, second] = [new URL(await identified(context, fresh)), new URL(await identified(context, fresh))];
  second.searchParams.set('code', first.searchParams.get('code') ?? '');
  await hop(context, first.href);
  expect(next(await hop(context, second.href))).toMatch(/erreur=expired$/);
});

test('two tabs sign in at the same time', async ({ fresh }) => {
  const context = await visitor(fresh);
  const [first, second] = [
    await identified(context, fresh, '?to=/?page=aide'),
    await identified(context, fresh, '?to=/?page=affichage'),
  ];
  expect(next(await hop(context, second))).toBe(`${fresh.server.address}?page=affichage`);
  expect(next(await hop(context, first))).toBe(`${fresh.server.address}?page=aide`);
});

test('signing in ends the session that the browser had', async ({ fresh }) => {
  const context = await visitor(fresh);
  await signedIn(context, fresh);
  const before = (await context.storageState()).cookies.find(({ name }) => name === 'habilitation_session')?.value;
  await signedIn(context, fresh);
  const old = await requests.newContext({ baseURL: fresh.server.address });
  const answer = await old.get('api/session', { headers: { cookie: `habilitation_session=${before}` } });
  expect(answer.status()).toBe(401);
  expect(await session(context)).toBe(200);
});

test('who leaves to come as another is signed out here at once, whether the program saw it or not', async ({
  fresh,
}) => {
  const context = await visitor(fresh);
  await signedIn(context, fresh);
  const before = (await context.storageState()).cookies.find(({ name }) => name === 'habilitation_session')?.value;
  expect((await hop(context, 'api/proconnect/sign-in')).status()).toBe(303);
  expect(await session(context), 'whoever signs in again stays who they are until then').toBe(200);
  expect((await hop(context, 'api/proconnect/sign-in?as=other')).status()).toBe(303);
  expect(await session(context)).toBe(401);
  const old = await requests.newContext({ baseURL: fresh.server.address });
  const answer = await old.get('api/session', { headers: { cookie: `habilitation_session=${before}` } });
  expect(answer.status()).toBe(401);
});

test('keys that are not known are asked for once a minute at most', async () => {
  // A server of its own, which has asked for none.
  const both = await registered();
  try {
    expect(await signedIn(await visitor(both), both)).toBe('?page=demandes');
    await both.provider.rotateKeys();
    for (let times = 0; times < 3; times++) {
      expect(await signedIn(await visitor(both), both)).toMatch(/erreur=untrusted$/);
    }
    expect((await both.provider.knobs()).calls['/jwks']).toBe(1);
  } finally {
    await both.stop();
  }
});

test('a provider that fails or is slow signs nobody in, and says so', async ({ fresh }) => {
  for (const knobs of [
    { fail: { '/token': 500 } },
    { fail: { '/userinfo': 503 } },
    // Longer than the server waits.
    { delay: { '/token': 6_000 } },
  ] satisfies KnobsToSet[]) {
    await fresh.provider.mend();
    await fresh.provider.set(knobs);
    expect(await signedIn(await visitor(fresh), fresh), JSON.stringify(knobs)).toMatch(/erreur=unavailable$/);
  }
});

test('the server starts without the provider, and takes people in once it is there', async () => {
  const both = await registered('ES256', true);
  try {
    const context = await visitor(both);
    const page = await context.get('api/proconnect/sign-in', { headers: { accept: 'text/html' } });
    expect([page.status(), page.headers()['retry-after']]).toEqual([503, '60']);
    expect(await page.text()).toContain('ProConnect ne répond pas');
    const problem = await context.get('api/proconnect/sign-in');
    expect([problem.status(), (await problem.json()).type]).toEqual([503, '/problems/not-ready']);
    await both.provider.up();
    await both.provider.serve(both.server.address);
    await expect
      .poll(async () => (await hop(context, 'api/proconnect/sign-in')).status(), { timeout: 45_000 })
      .toBe(303);
    expect(await signedIn(context, both)).toBe('?page=demandes');
    const callback = await identified(context, both);
    await both.provider.down();
    expect(next(await hop(context, callback))).toMatch(/erreur=unavailable$/);
  } finally {
    await both.stop();
  }
});

test('a service that registered RS256 takes that and nothing else', async () => {
  const both = await registered('RS256');
  try {
    expect(await signedIn(await visitor(both), both)).toBe('?page=demandes');
    await both.provider.set({ lie: { '/token': { header: { alg: 'ES256' } } } });
    expect(await signedIn(await visitor(both), both)).toMatch(/erreur=untrusted$/);
  } finally {
    await both.stop();
  }
});

test('a person signs in by the page, and changes their account', async ({ page, fresh }) => {
  await fresh.provider.set({ auto: '' });
  await page.goto('?demande=nouvelle');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Se connecter');
  await expectWellMade(page);
  await page.setViewportSize({ width: 1280, height: 800 });
  await identify(page);
  await page.getByRole('link', { name: /Noémie/ }).click();
  await expect(page.getByText('Noémie Lœb')).toBeVisible();
  await expect(page).toHaveURL(/\?demande=[\da-f-]{36}/);

  await page.goto('?page=demandes');
  await page.getByRole('link', { name: 'Changer de compte ou d’organisation' }).click();
  await expect(page.getByText('Commune de Vallon-les-Prés')).toBeVisible();
  await page.getByRole('link', { name: 'Changer de compte ou d’organisation' }).click();
  await page.getByRole('link', { name: /Stéphane/ }).click();
  await expect(page.getByText('Stéphane Müller')).toBeVisible();

  const before = (await fresh.provider.knobs()).calls['/session/end/confirm'] ?? 0;
  await page.getByRole('button', { name: 'Se déconnecter' }).click();
  const confirmed = async (): Promise<number> => (await fresh.provider.knobs()).calls['/session/end/confirm'] ?? 0;
  await expect.poll(confirmed).toBeGreaterThan(before);
  await expect(page).toHaveURL(fresh.server.address);
  await expect(page.getByRole('link', { name: 'Se connecter' })).toBeVisible();
});

test('who refuses is told so, with a way on', async ({ page, fresh }) => {
  await fresh.provider.set({ auto: '' });
  await page.goto('?page=demandes');
  await identify(page);
  await page.getByRole('link', { name: 'Refuser' }).click();
  await expect(page.getByRole('alert')).toContainText(words(/ProConnect ne vous a pas identifié :/));
  await expectWellMade(page);
  await identify(page);
  await page.getByRole('link', { name: /Noémie/ }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Mes demandes');
});

test('a person signs in without JavaScript', async ({ browser, fresh }: { browser: Browser; fresh: Registered }) => {
  const context = await browser.newContext({ javaScriptEnabled: false, baseURL: fresh.server.address });
  const page = await context.newPage();
  await page.goto('?page=connexion');
  await page.getByRole('link', { name: 'S’identifier avec ProConnect' }).click();
  await expect(page).toHaveURL(`${fresh.server.address}?page=demandes`);
  await context.close();
});
