// Starts the stand-alone page: the theme at once, so that nothing flashes, then the program, once something is to be seen.
// It is a file of its own because the content security policy allows no inline script, and keeps to what browsers knew in
// 2019: where the rest is too new for one, this says so.
(() => {
  'use strict';
  let theme = null;
  try {
    theme = localStorage.getItem('habilitation:theme');
  } catch {
    // Storage is blocked: the system's theme it is.
  }
  // What keeps the page from starting may be that something never comes: it is said, and goes away if it comes after all.
  const tell = (words) => {
    const notice = document.getElementById('shell-words');
    if (!notice) return;
    if (words) notice.firstElementChild.textContent = words;
    notice.hidden = false;
    document.getElementById('shell-wait').textContent = '';
  };
  const late = setTimeout(tell, 7000);
  // A file that misses its place by a little must not open here, in place of the answers.
  for (const name of ['dragover', 'drop']) {
    addEventListener(name, (event) => {
      if (event.defaultPrevented || !event.dataTransfer || !event.dataTransfer.types.includes('Files')) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = 'none';
    });
  }
  const link = (rel) => document.querySelector(`link[rel="${rel}"][href*="habilitation"]`).href;
  // The first frame waits for nothing; in a page that is not seen there is none.
  const painted = () => new Promise((resolve) => {
    if (document.hidden) resolve();
    else requestAnimationFrame(() => setTimeout(resolve));
  });
  const styled = (link) => new Promise((resolve) => {
    if (link.sheet) resolve();
    else link.onload = link.onerror = resolve;
  });
  // What the program is about to ask for comes while it does.
  const preload = (href) => {
    const preloaded = { rel: 'preload', as: 'fetch', crossOrigin: 'anonymous', href };
    document.head.append(Object.assign(document.createElement('link'), preloaded));
  };
  // It asks first who is there, where somebody may be.
  const served = document.documentElement.dataset.api;
  if (served && document.cookie.includes('habilitation_signed_in=')) preload(`${served}/session`);
  // Answers that a link proposes leave the address once they are read. Their names are paths, the only ones with a dot.
  const query = new URLSearchParams(location.search);
  const proposed = new URLSearchParams([...query].filter(([name]) => name.includes('.')));
  if (`${proposed}`) {
    for (const name of proposed.keys()) query.delete(name);
    history.replaceState(history.state, '', `?${query}`);
  }
  // The address of the API; none where the page answers itself, as a demonstration. That is never guessed: where it
  // cannot be known, the page does not start.
  const api = async () => {
    // Our server says so in the page itself.
    if (served) return served;
    const response = await fetch('config.json');
    const config = await response.text();
    // A host that has no such file says so, or answers with this page.
    if ([404, 410].includes(response.status) || /<div id="?shell\b/.test(config)) return undefined;
    if (!response.ok) throw new Error(`config.json: ${response.status}`);
    return JSON.parse(config).api;
  };
  // Its tab goes on being signed in after a reload, where the browser keeps anything.
  const tab = () => {
    try {
      return sessionStorage;
    } catch {
      return undefined;
    }
  };
  let page;
  const answering = async () => {
    const address = await api();
    if (address) {
      const there = new URL(address, document.baseURI);
      if (there.origin === location.origin) return [address];
      // An API of another site gives no cookie to this one: one signs in there.
      const { Entrance } = await import('./embed.js');
      return [address, undefined, new Entrance(there.href.replace(/\/+$/, ''), () => page, tab())];
    }
    // The page answers itself with the rest of the program.
    preload(link('preload').replace('_bg.wasm', '_rest.wasm'));
    return [undefined, await import('./documents.js')];
  };
  const workOffline = () => {
    // Where there are no service workers, or none is wanted, the page does without.
    if (!navigator.serviceWorker) return;
    const script = window.trustedTypes
      ? trustedTypes.createPolicy('habilitation', { createScriptURL: () => 'sw.js' }).createScriptURL('')
      : 'sw.js';
    navigator.serviceWorker.register(script).catch(() => undefined);
  };
  const load = async () => {
    const program = await import(link('modulepreload'));
    await program.default({ module_or_path: link('preload') });
    return program;
  };
  const start = async () => {
    const shell = document.getElementById('shell');
    if (theme === 'light' || theme === 'dark') shell.dataset.theme = theme;
    try {
      await painted();
      const sheets = [...document.querySelectorAll('link[rel=stylesheet]')].map(styled);
      const [program, answers] = await Promise.all([load(), answering(), ...sheets]);
      const [address, documents, entrance] = answers;
      page = await program.start(address, documents, entrance, `${proposed}`);
      (window.requestIdleCallback || setTimeout)(workOffline);
    } catch (error) {
      console.error(error);
      tell(
        'La page n’a pas pu se charger. Vérifiez votre accès à internet, puis rechargez la page. Si cela continue, essayez depuis un autre réseau ou avec un navigateur plus récent.',
      );
    }
    clearTimeout(late);
  };
  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', start);
  else start();
})();
