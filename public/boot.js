// Starts the stand-alone page: keeps the static page alive, loads the program once that is painted, and lets it take over.
//
// Its syntax, and that of its modules, is that of browsers of 2019: where the program is too new for one of them, this script still
// runs and says so.

import { between, hosted, written } from './boot/backend.js';
import { fill } from './boot/copy.js';
import * as notice from './boot/notice.js';
import { fetchRest, load } from './boot/program.js';
import { listen } from './boot/static-page.js';
import { read, storage } from './boot/storage.js';
import { takeOver } from './boot/take-over.js';
import { acrossTrip, noteOpener } from './boot/trip.js';

/** @typedef {import('./program.d.ts').Application} Application */

/**
 * Application that runs, once it has started.
 * @type {Application}
 */
let application;

/** Keeps a file that is dropped beside its field from opening in place of the answers. */
const guardDrops = () => {
  for (const name of /** @type {const} */ (['dragover', 'drop'])) {
    addEventListener(name, (event) => {
      if (event.defaultPrevented || !event.dataTransfer || !event.dataTransfer.types.includes('Files')) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = 'none';
    });
  }
};

/**
 * Takes the answers that a link proposes out of the address. Their names are the paths of fields, and alone have a dot.
 * @returns {string} a query
 */
const takeProposedAnswers = () => {
  const query = new URLSearchParams(location.search);
  const proposed = new URLSearchParams([...query].filter(([name]) => name.includes('.')));
  if (`${proposed}`) {
    for (const name of proposed.keys()) query.delete(name);
    history.replaceState(history.state, '', `?${query}`);
  }
  return `${proposed}`;
};

/**
 * Resolves after the first frame. A hidden page has none.
 * @returns {Promise<void>}
 */
const painted = () =>
  new Promise((resolve) => {
    if (document.hidden) resolve();
    else requestAnimationFrame(() => setTimeout(resolve));
  });

/** Registers the service worker, where the browser has them and allows it. */
const workOffline = () => {
  if (!navigator.serviceWorker) return;
  const script = window.trustedTypes
    ? window.trustedTypes.createPolicy('habilitation', { createScriptURL: () => 'sw.js' }).createScriptURL('')
    : 'sw.js';
  navigator.serviceWorker.register(script).catch(() => undefined);
};

/** Adds the style as a file where a host's policy does not let it stand in the page. */
const ensureStyle = () => {
  const style = document.querySelector('style');
  if (!style || style.sheet) return;
  const link = { rel: 'stylesheet', href: /** @type {string} */ (style.dataset.href) };
  document.head.append(Object.assign(document.createElement('link'), link));
};

/**
 * Puts the page that waits in the place of the static one, which is not the one that comes. It claims nothing.
 * @param {HTMLElement} shell root of the static page
 * @returns {HTMLElement} root of the page that waits
 */
const waitInstead = (shell) => {
  const template = /** @type {HTMLTemplateElement | null} */ (document.getElementById('waiting'));
  const waiting = /** @type {HTMLElement} */ ((template && template.content.firstElementChild) || shell);
  for (const claim of waiting.querySelectorAll('.demonstration,.menu')) claim.remove();
  if (waiting !== shell) shell.replaceWith(waiting);
  return waiting;
};

const start = async () => {
  ensureStyle();
  const inAddress = takeProposedAnswers();
  noteOpener();
  const theme = read(storage('localStorage'), 'habilitation:theme');
  let shell = /** @type {HTMLElement} */ (document.getElementById('shell'));
  if (theme === 'light' || theme === 'dark') shell.dataset.theme = theme;
  const state = written();
  const proposed = acrossTrip(inAddress, state);
  const user = (state && state.session && state.session.user.id) || '';
  if (state && user && fill(shell, state, user)) delete shell.dataset.waiting;
  const page = listen(shell, user);
  page.restore();
  const awaited = notice.wait(page.isKept);
  const isOurServers = !!document.getElementById('state');
  const asking = (state ? Promise.resolve(state) : hosted()).then(
    (found) => {
      // What a static host shows first is a demonstration.
      if (!isOurServers && found.api) shell = waitInstead(shell);
      delete shell.dataset.asking;
      return found;
    },
    (error) => {
      shell = waitInstead(shell);
      throw error;
    },
  );
  let isLeaving = false;
  const leave = () => {
    isLeaving = true;
  };
  addEventListener('beforeunload', leave);
  // It may fail before it is awaited.
  asking.catch(() => undefined);
  try {
    await painted();
    const [program, { api, config, session }] = await Promise.all([load(), asking]);
    const [documents, signInWindow] = await between(api, () => application);
    const text = (/** @type {unknown} */ value) => (value === undefined ? undefined : JSON.stringify(value));
    const parent = document.createElement('div');
    application = await program.start(parent, api, text(config), text(session), documents, signInWindow, proposed);
    await takeOver(shell, page, parent);
    awaited.end();
    performance.mark('habilitation:ready');
  } catch (error) {
    const tell = () => {
      console.error(error);
      page.fail();
      awaited.fail();
    };
    // A page that is left gives up what it was loading. One that stays after all says so a little later.
    setTimeout(tell, isLeaving ? 1000 : 0);
    return;
  }
  removeEventListener('beforeunload', leave);
  const { connection } = /** @type {{ connection?: { saveData: boolean } }} */ (/** @type {unknown} */ (navigator));
  const idle = window.requestIdleCallback || setTimeout;
  idle(workOffline);
  if (!connection || !connection.saveData) idle(fetchRest);
};

guardDrops();
if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', start);
else start();
