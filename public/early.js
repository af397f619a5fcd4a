// Runs while the page is being read, before it is painted: shows what the address asks for, and notes what is typed from the first
// moment on. Its text stands in index.html, so that no file is waited for.

(() => {
  // The token of a mail's link leaves the address at once.
  const [, name = '', token = ''] = /^\?(invitation|card)=([\w-]+)/.exec(location.search) || [];
  if (name) {
    try {
      sessionStorage.setItem(`habilitation:link:${name}`, token);
      history.replaceState(history.state, '', `?page=${name === 'card' ? 'coordonnees' : 'invitations'}`);
    } catch {
      // A browser that keeps nothing for the tab leaves it in the address.
    }
  }
  const query = new URLSearchParams(location.search);
  const request = query.get('demande');
  const find = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));
  let template;
  if (request === 'nouvelle') template = find('new-request');
  if (request || query.get('page')) template = template || find('waiting');
  if (template) find('shell').replaceWith(/** @type {HTMLTemplateElement} */ (template).content);
  const shell = find('shell');
  if (request && request !== 'nouvelle') {
    // What is told of a request that was begun comes with its answers, and the fields show once these stand in them.
    shell.dataset.begun = shell.dataset.waiting = '';
  }
  for (const type of ['input', 'change']) {
    const note = (/** @type {Event} */ { target }) => {
      if (target instanceof HTMLElement) target.dataset.typed = '';
    };
    shell.addEventListener(type, note, true);
  }
  const form = shell.querySelector('form');
  if (!form && !shell.querySelector('[data-waits]')) return;
  // Until boot.js listens, what is pressed beside a form is noted: leaving would lose what was typed. So are links that wait.
  shell.dataset.early = '';
  for (const type of ['click', 'submit']) {
    const note = (/** @type {Event} */ event) => {
      const { ctrlKey, metaKey, shiftKey, target } = /** @type {MouseEvent} */ (event);
      const selector = type === 'submit' ? 'form' : form ? 'a[href^="?"],[data-waits]' : '[data-waits]';
      const element = target instanceof Element && !ctrlKey && !metaKey && !shiftKey && target.closest(selector);
      if (!element || shell.dataset.early === undefined) return;
      event.preventDefault();
      shell.dataset.early = type === 'click' ? `${element.getAttribute('href')}` : type;
    };
    shell.addEventListener(type, note);
  }
})();
