// The portal: its own router, and one element of another site. What it does with the element is what
// docs/embedding.md says.

const asked = new URLSearchParams(location.search);
const titles = { '/suivi': 'Suivi', '/contact': 'Contact' };

/** The portal's own router: the links of its menu, its history, its title. */
const show = () => {
  const title = titles[location.pathname] ?? 'Accueil';
  document.title = `${title} – Portail des démarches`;
  document.getElementById('title').textContent = title;
};
document.addEventListener('click', (event) => {
  const link = event.target.closest('nav a');
  if (!link) return;
  event.preventDefault();
  history.pushState(null, '', link.pathname + location.search);
  show();
});
addEventListener('popstate', show);
document.getElementById('search').addEventListener('submit', (event) => event.preventDefault());
// As in many portals, a slash opens the search, but in a field. Of an element of another site it knows the element alone.
document.addEventListener('keydown', (event) => {
  if (event.key !== '/' || event.target.matches('input, textarea, select')) return;
  event.preventDefault();
  document.getElementById('organisation').focus();
});
show();

/** What the element says. */
const events = document.getElementById('events');
for (const name of ['ready', 'step', 'saved', 'conflict', 'submit', 'submitted', 'state', 'error']) {
  document.addEventListener(`habilitation:${name}`, ({ detail }) => {
    events.append(`${name} ${JSON.stringify(detail)}\n`);
  });
}

/** An element as the address of this page asks for it: `?request=new&api=…&heading-level=3`. */
const make = () => {
  const element = document.createElement('demande-habilitation');
  for (const [name, value] of asked) {
    if (!['look', 'dark', 'without'].includes(name)) element.setAttribute(name, value);
  }
  return element;
};
const here = document.getElementById('here');
const there = document.getElementById('there');
const first = make();
first.id = 'first';
if (!asked.has('without')) here.append(first);

const actions = {
  move: () => (first.parentElement === here ? there : here).append(first),
  remove: () => first.remove(),
  'put-back': () => here.append(first),
  second: () => there.append(make()),
  hostile: () => {
    const sheet = document.createElement('link');
    sheet.rel = 'stylesheet';
    sheet.href = 'hostile.css';
    document.head.append(sheet);
  },
};
for (const button of document.querySelectorAll('[data-do]')) {
  button.addEventListener('click', () => actions[button.dataset.do]());
}

/** The look. */
const look = document.getElementById('look');
const dark = document.getElementById('dark');
const dress = () => {
  document.documentElement.className = [look.value, dark.checked ? 'dark' : ''].join(' ').trim();
};
look.value = asked.get('look') ?? '';
dark.checked = asked.has('dark');
look.addEventListener('change', dress);
dark.addEventListener('change', dress);
dress();
