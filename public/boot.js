// Starts the stand-alone page: the theme at once, so that nothing flashes, then the program, once something is to be seen.
// It is a file of its own because the content security policy allows no inline script.
(() => {
  'use strict';
  let theme = null;
  try {
    theme = localStorage.getItem('habilitation:theme');
  } catch {
    // Storage is blocked: the system's theme it is.
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
  // Answers that a link gives leave the address once they are read. Their names are paths, the only ones with a dot.
  const query = new URLSearchParams(location.search);
  const given = [...query].filter(([name]) => name.includes('.'));
  if (given.length) {
    for (const [name] of given) query.delete(name);
    history.replaceState(history.state, '', `?${query}`);
  }
  const start = async () => {
    const shell = document.getElementById('shell');
    if (theme === 'light' || theme === 'dark') shell.dataset.theme = theme;
    try {
      await painted();
      const sheets = [...document.querySelectorAll('link[rel=stylesheet]')].map(styled);
      const [program] = await Promise.all([import(link('modulepreload')), ...sheets]);
      await program.default({ module_or_path: link('preload') });
      const page = program.start();
      for (const [path, text] of given) page.prefill(path, text);
    } catch (error) {
      console.error(error);
      const words = document.getElementById('shell-words');
      words.textContent =
        'La page n’a pas pu se charger. Vérifiez votre accès à internet, puis rechargez-la. Si cela continue, essayez avec un navigateur plus récent.';
      words.hidden = false;
    }
  };
  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', start);
  else start();
})();
