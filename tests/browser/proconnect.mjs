/**
 * A stand-in for ProConnect, made of the certified software that ProConnect runs on: for tests, and for trying the sign-in on a
 * machine without internet. Anyone signs in as anyone, so nobody else may reach it.
 *
 * Differences from ProConnect: unknown scopes are ignored, not refused; `prompt=login` shows the page; `login_hint` is ignored
 * within a session; there is one identity provider.
 *
 * Environment: `PORT` (9080; 0 takes one that is free), `APP` (origin of the application), `ALG` (`ES256`, `RS256`, or `json` for
 * claims without a signature), `AUTO` (`any` or an e-mail address signs in without a page), `CLIENT_ID`, `CLIENT_SECRET`. The first
 * line of its output is the issuer.
 *
 * `POST /_test/people {"sub": …}` adds or changes a person, who signs in at the level `acr`, or at `asked_acr` where a level is asked for; `POST /_test/keys {"keep": true}` rotates the keys;
 * `POST /_test/app {"origin": …}` moves the application; `POST /_test/knobs` sets `auto` and
 * - `fail`: `{"/token": 500}`, the status of an endpoint that fails,
 * - `delay`: `{"/token": 6000}`, milliseconds before it answers,
 * - `lie`: `{"/token": {"header": {…}, "claims": {…}}}`, what is changed in what it signs.
 *
 * Each of them, and `GET /_test/knobs`, tells the knobs, the identifiers of the keys and how often each endpoint was called.
 */
import { createHmac, createPrivateKey, generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { createServer } from 'node:http';
import Provider from 'oidc-provider';

const { env } = process;
const PREFIX = '/api/v2';
const ALGORITHM = env.ALG ?? 'ES256';
const CLIENT_ID = env.CLIENT_ID ?? 'habilitation';
const CLIENT_SECRET = env.CLIENT_SECRET ?? 'a-secret-of-at-least-thirty-two-characters';

/** Claims of a person that ProConnect knows, beside `sub`. */
const CLAIMS = [
  'given_name',
  'usual_name',
  'email',
  'uid',
  'siret',
  'siren',
  'idp_id',
  'idp_acr',
  'roles',
  'organization_label',
  'organizational_unit',
  'belonging_population',
  'custom',
  'amr',
];

/** Levels of assurance that ProConnect knows. */
const LEVELS = [
  'eidas0',
  'eidas0-mfa',
  'eidas1',
  'eidas1-mfa',
  'eidas2',
  'eidas3',
  'https://proconnect.gouv.fr/assurance/certification-dirigeant',
];

/** The made-up people, by their subject. */
const people = new Map();
const knobs = { auto: env.AUTO ?? '', fail: {}, delay: {}, lie: {}, calls: {} };
let application = env.APP ?? 'http://127.0.0.1:8080';
let issuer = '';
let keys = newKeys();
let provider;
let answer;

/** Adds a person, or changes what is known of them. */
function addPerson(person) {
  people.set(person.sub, { acr: 'eidas1', amr: ['pwd'], custom: {}, ...people.get(person.sub), ...person });
}

addPerson({
  sub: '5f2c7c1e-0001',
  given_name: 'Noémie',
  usual_name: 'Lœb',
  email: 'Noemie.Loeb@vallon-les-pres.example',
  phone_number: '+33199001234',
  uid: 'nl',
  siret: '21990042000015',
  organization_label: 'Commune de Vallon-les-Prés',
  roles: ['agent_public', 'agent_public_territorial'],
  idp_id: '71144ab3-ee1a-4401-b7b3-79b44f7daeeb',
});
addPerson({
  sub: '5f2c7c1e-0002',
  given_name: 'Stéphane',
  usual_name: 'Müller',
  email: 'stephane.muller@marais-bleu.example',
  uid: 'sm',
  siret: '99900173800031',
  organization_label: 'Caisse de crédit du Marais bleu',
  roles: [],
  idp_id: '71144ab3-ee1a-4401-b7b3-79b44f7daeeb',
});

function newKeys() {
  const pairs = {
    ES256: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
    RS256: generateKeyPairSync('rsa', { modulusLength: 2048 }),
  };
  return Object.entries(pairs).map(([alg, { privateKey }]) => ({
    ...privateKey.export({ format: 'jwk' }),
    kid: randomUUID(),
    use: 'sig',
    alg,
  }));
}

/** A token whose header and claims are changed, signed anew by what its header says then. */
function forged(jwt, { header, claims }) {
  const [head, body] = jwt.split('.', 2).map((part) => JSON.parse(Buffer.from(part, 'base64url')));
  const changed = [
    { ...head, ...header },
    { ...body, ...claims },
  ];
  const said = changed.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  return `${said}.${signature(said, changed[0].alg)}`;
}

function signature(said, alg) {
  const key = keys.find((known) => known.alg === alg);
  if (key) {
    const privateKey = createPrivateKey({ key, format: 'jwk' });
    return sign('sha256', Buffer.from(said), { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url');
  }
  return alg === 'HS256' ? createHmac('sha256', CLIENT_SECRET).update(said).digest('base64url') : '';
}

function client() {
  const signed = ALGORITHM === 'json' ? {} : { userinfo_signed_response_alg: ALGORITHM };
  return {
    client_id: CLIENT_ID,
    client_secret: CLIENT_SECRET,
    redirect_uris: [`${application}/api/proconnect/callback`],
    post_logout_redirect_uris: [`${application}/api/proconnect/signed-out`],
    id_token_signed_response_alg: ALGORITHM === 'json' ? 'ES256' : ALGORITHM,
    ...signed,
  };
}

/** Builds the provider: ProConnect's endpoints, claims, algorithms and lifetimes. */
function build() {
  const algorithms = ['ES256', 'RS256', 'HS256'];
  provider = new Provider(issuer, {
    jwks: { keys },
    clients: [client()],
    clientDefaults: {
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: 'client_secret_post',
    },
    clientAuthMethods: ['client_secret_post', 'private_key_jwt'],
    responseTypes: ['code'],
    scopes: ['openid'],
    subjectTypes: ['public'],
    claims: { openid: ['sub'], phone: ['phone_number'], ...Object.fromEntries(CLAIMS.map((name) => [name, [name]])) },
    acrValues: LEVELS,
    enabledJWA: { idTokenSigningAlgValues: algorithms, userinfoSigningAlgValues: algorithms },
    extraParams: ['idp_hint', 'siret_hint'],
    pkce: { required: () => false },
    issueRefreshToken: () => true,
    cookies: { keys: ['only for tests'] },
    features: {
      devInteractions: { enabled: false },
      claimsParameter: { enabled: true },
      jwtUserinfo: { enabled: true },
      revocation: { enabled: true },
      rpInitiatedLogout: { enabled: true, logoutSource, postLogoutSuccessSource },
    },
    routes: {
      authorization: '/authorize',
      token: '/token',
      userinfo: '/userinfo',
      jwks: '/jwks',
      end_session: '/session/end',
      revocation: '/token/revocation',
    },
    ttl: {
      AuthorizationCode: 60,
      AccessToken: 3600,
      IdToken: 3600,
      RefreshToken: 43200,
      Session: 43200,
      Grant: 43200,
      Interaction: 3600,
    },
    interactions: { url: (_context, interaction) => `${PREFIX}/interaction/${interaction.uid}` },
    findAccount: (_context, sub) => people.has(sub) && { accountId: sub, claims: () => claimsOf(sub) },
    loadExistingGrant: consented,
    renderError: (context, { error, error_description: description = '' }) => {
      context.type = 'html';
      context.body = `<!doctype html><p>oidc-provider-rendered-error:${escaped(error)}</p><p>${escaped(description)}</p>`;
    },
  });
  provider.use(lie);
  answer = provider.callback();
}

function claimsOf(sub) {
  const { acr, asked_acr: _, amr: __, ...claims } = people.get(sub);
  return { idp_acr: acr, ...claims };
}

/** Consents in the place of the person, without a page. */
async function consented({ oidc }) {
  const { clientId } = oidc.client;
  // A second grant would end the first one, with the code that another tab is about to show.
  const known = oidc.session.grantIdFor(clientId);
  const grant =
    (known && (await oidc.provider.Grant.find(known))) ||
    new oidc.provider.Grant({ clientId, accountId: oidc.session.accountId });
  grant.addOIDCScope(oidc.params.scope);
  grant.addOIDCClaims([...(oidc.requestParamClaims ?? [])]);
  await grant.save();
  return grant;
}

/** Signs something else than what is true, where a knob says so. */
async function lie(context, next) {
  await next();
  const told = knobs.lie[context.path];
  if (!told) return;
  if (typeof context.body === 'string') context.body = forged(context.body, told);
  else if (context.body?.id_token) {
    context.body = { ...context.body, id_token: forged(context.body.id_token, told) };
  }
}

function logoutSource(context, form) {
  const confirmed = '<input type="hidden" name="logout" value="yes"><button>Se déconnecter</button></form>';
  context.body = `<!doctype html>${form.replace('</form>', confirmed)}<script>document.forms[0].submit()</script>`;
}

function postLogoutSuccessSource(context) {
  context.body = '<!doctype html><p>Vous êtes bien déconnecté.</p>';
}

/** Asks who it is, unless somebody said so already. */
async function interact(request, response, url) {
  const { prompt, params } = await provider.interactionDetails(request, response);
  const finish = (result) => provider.interactionFinished(request, response, result);
  const error = url.searchParams.get('error');
  if (error) return finish({ error, error_description: 'asked for by the tester' });
  const sub = url.searchParams.get('sub') ?? whoever(params.login_hint ?? knobs.auto);
  if (!sub) return ask(response);
  const { acr: usual, asked_acr = usual, amr } = people.get(sub);
  const { values, value } = prompt.details.acr ?? {};
  const wanted = values ?? (value ? [value] : []);
  const acr = wanted.length ? asked_acr : usual;
  if (wanted.length && !wanted.includes(acr)) {
    return finish({ error: 'access_denied', error_description: 'requested ACRs could not be satisfied' });
  }
  return finish({ login: { accountId: sub, acr, amr, remember: false }, consent: {} });
}

/** The subject of whoever has an e-mail address, or of anybody. */
function whoever(email) {
  const all = [...people.values()];
  return (email === 'any' ? all[0] : all.find((person) => person.email === email))?.sub;
}

function ask(response) {
  const item = ({ sub, given_name, usual_name, organization_label, siret }) =>
    `<li><a href="?sub=${encodeURIComponent(sub)}">${escaped(`${given_name} ${usual_name}`)}, ${escaped(organization_label ?? siret)}</a>`;
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
  response.end(`<!doctype html><html lang="fr"><meta name="viewport" content="width=device-width">
    <link rel="icon" href="data:,"><title>ProConnect (imitation)</title><h1>Qui êtes-vous ?</h1>
    <ul>${[...people.values()].map(item).join('')}</ul><p><a href="?error=access_denied">Refuser</a>`);
}

function escaped(text) {
  return String(text).replace(/[&<>"]/g, (letter) => `&#${letter.charCodeAt(0)};`);
}

/** Does what a test asks for, and tells how everything stands. */
async function control(request, response, path) {
  let body = '';
  for await (const chunk of request) body += chunk;
  const told = body ? JSON.parse(body) : {};
  if (path === '/_test/people') addPerson(told);
  if (path === '/_test/knobs') Object.assign(knobs, told);
  if (path === '/_test/keys') keys = [...newKeys(), ...(told.keep ? keys : [])];
  if (path === '/_test/app') application = told.origin;
  if (path === '/_test/keys' || path === '/_test/app') build();
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ ...knobs, kids: keys.map(({ kid }) => kid) }));
}

async function respond(request, response) {
  const url = new URL(request.url, issuer);
  if (url.pathname.startsWith('/_test/')) return control(request, response, url.pathname);
  if (!url.pathname.startsWith(`${PREFIX}/`)) return response.writeHead(404).end();
  const path = url.pathname.slice(PREFIX.length);
  // As ProConnect does: a window loses its opener here.
  response.setHeader('cross-origin-opener-policy', 'same-origin');
  const called = path.replace(/[\w-]{30,}$/, '*');
  knobs.calls[called] = (knobs.calls[called] ?? 0) + 1;
  if (knobs.delay[path]) await new Promise((resolve) => setTimeout(resolve, knobs.delay[path]));
  if (knobs.fail[path]) {
    return response.writeHead(knobs.fail[path], { 'content-type': 'text/html' }).end('<p>panne</p>');
  }
  if (path.startsWith('/interaction/')) return interact(request, response, url);
  // From these two the provider learns where it is mounted.
  request.originalUrl = request.url;
  request.url = request.url.slice(PREFIX.length);
  return answer(request, response);
}

const server = createServer(async (request, response) => {
  try {
    await respond(request, response);
  } catch (error) {
    if (!response.headersSent) response.writeHead(error.statusCode ?? 500, { 'content-type': 'text/plain' });
    response.end(String(error));
  }
});

server.listen(Number(env.PORT ?? 9080), '127.0.0.1', () => {
  // Another name than the application's `127.0.0.1`: the trip goes to another site, as it does to ProConnect.
  issuer = `http://localhost:${server.address().port}${PREFIX}`;
  build();
  console.log(issuer);
});
