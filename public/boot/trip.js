// What a trip to the identity provider would lose, kept in this tab: the answers that a link proposes, and the site that opened this
// window, from which the provider cuts it off.

import { read, storage, write } from './storage.js';

const PROPOSED = 'habilitation:proposed';
/** Read by `src/pages/portal_grant.rs`. */
const OPENED_BY = 'habilitation:opened-by';

/** Longest trip, in milliseconds. */
const LONGEST = 15 * 60 * 1000;

/** Notes when which portal opened this window, where the browser says that it did. After a trip nothing says so. */
export const noteOpener = () => {
  const query = new URLSearchParams(location.search);
  const origin = query.get('origin');
  if (query.get('page') !== 'portail' || !origin) return;
  if (document.referrer !== origin && !document.referrer.startsWith(`${origin}/`)) return;
  const [tab, opened] = [storage('sessionStorage'), `${query.get('challenge')} ${origin}`];
  // A window that is loaded again is no younger.
  if (!(read(tab, OPENED_BY) || '').endsWith(` ${opened}`)) write(tab, OPENED_BY, `${Date.now()} ${opened}`);
};

/**
 * Returns the answers that a link proposes: those of the address, or those of the address from which the person left to sign in.
 * @param {string} proposed answers of the address, as a query
 * @param {import('../program.d.ts').State | undefined} state what stands beside the page
 * @returns {string} a query
 */
export const acrossTrip = (proposed, state) => {
  if (!state || !state.config || !state.config.proconnect) return proposed;
  const tab = storage('sessionStorage');
  if (!state.session) {
    if (proposed) write(tab, PROPOSED, `${Date.now()} ${proposed}`);
    return proposed;
  }
  if (new URLSearchParams(location.search).get('demande') !== 'nouvelle') return proposed;
  const [at, kept] = (read(tab, PROPOSED) || '').split(' ');
  write(tab, PROPOSED, null);
  return proposed || (Date.now() - Number(at) < LONGEST && kept) || '';
};
