// Starts the stand-alone page: the theme at once, so that nothing flashes, then the program.
// It is a file of its own because the content security policy allows no inline script.
(() => {
  'use strict';
  let theme = null;
  try {
    theme = localStorage.getItem('habilitation:theme');
  } catch {
    // Storage is blocked: the system's theme it is.
  }
  const address = (rel) => document.querySelector(`link[rel="${rel}"][href*="habilitation"]`).href;
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
      const program = await import(address('modulepreload'));
      await program.default({ module_or_path: address('preload') });
      const page = program.start();
      for (const [path, text] of given) page.prefill(path, text);
    } catch (error) {
      console.error(error);
      document.getElementById('shell-words').textContent =
        'La page n’a pas pu se charger. Vérifiez votre accès à internet, puis rechargez-la. Si cela continue, essayez avec un navigateur plus récent.';
    }
  };
  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', start);
  else start();
})();
