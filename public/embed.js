// Defines <demande-habilitation>, the request as an element of any portal. docs/embedding.md says how to use it.
//
// It is the only file with a name that stays. Nothing else is loaded before an element is shown, and then once for all of
// them. Of the portal's page it touches its own node, and a window of its own to sign in.

// The build writes the hashed names in place of these.
const PROGRAM = new URL('./habilitation.js', import.meta.url).href;
const BINARY = new URL('./habilitation_bg.wasm', import.meta.url).href;
/** What the program fetches later, as its loader names it. */
const REST = BINARY.replace('_bg.wasm', '_rest.wasm');
const STYLE = new URL('./style.css', import.meta.url).href;
const BASE = new URL('./', import.meta.url).href;
const DOCUMENTS = new URL('./documents.js', import.meta.url).href;

const NAME = 'demande-habilitation';
const CANCELLABLE = ['step', 'submit'];
const TEN_MINUTES = 600_000;
const BETWEEN_CLAIMS = 2_000;
/** Whoever waits for the program for so long is told. */
const PATIENCE = 7_000;
const ENTRANCE = 'habilitation:entrance';

/** What is typed or pasted in a field, and nobody else's business. `change` does not leave a shadow tree. */
const TYPING = [
  'keydown',
  'keypress',
  'keyup',
  'beforeinput',
  'input',
  'compositionstart',
  'compositionupdate',
  'compositionend',
  'copy',
  'cut',
  'paste',
];
/** What these keys do with Ctrl, or Cmd, they do in the field. */
const EDITING = /^([acvxyzbiu]|Arrow.*|Home|End|Backspace|Delete|Enter|Insert)$/i;

/**
 * Keeps typing from the portal, which sees it as if it came from the element, and may take a letter for a shortcut of its
 * own. Shortcuts with Ctrl or Cmd that are of no use in the field go on.
 */
const keepTyping = (event) => {
  if (!event.target.matches('input, textarea, select, [contenteditable]')) return;
  const isShortcut = (event.ctrlKey || event.metaKey) && !event.getModifierState('AltGraph') && !EDITING.test(event.key);
  if (!isShortcut || event.isComposing) event.stopPropagation();
};

/** A file that misses its place by a little must not open in place of the portal. */
const keepFiles = (event) => {
  if (event.defaultPrevented || !event.dataTransfer?.types.includes('Files')) return;
  event.preventDefault();
  event.dataTransfer.dropEffect = 'none';
};

const shown = new Set();
let loading;
/** Whether it is still on its way. */
let pending = false;
let sheet;
/** Tells one copy of the program from the one before, which failed: a module that failed once fails for ever. */
let copy = '';
let copies = 0;

const anew = () => {
  loading = undefined;
  pending = false;
  copies += 1;
  copy = `?${copies}`;
};

/** The program and its style, loaded once for all elements. */
const load = () => {
  if (!loading) {
    pending = true;
    const asked = Promise.all([program(), style()]).then(
      (loaded) => {
        if (asked === loading) pending = false;
        return loaded;
      },
      (error) => {
        if (asked === loading) anew();
        throw error;
      },
    );
    loading = asked;
  }
  return loading;
};

const program = async () => {
  // Both at once: neither need wait for the other.
  const binary = fetch(BINARY + copy);
  const [module] = await Promise.all([import(PROGRAM + copy), binary]);
  await module.default({ module_or_path: binary });
  return module;
};

const style = async () => {
  const answer = await fetch(STYLE);
  if (!answer.ok) throw new Error(`${STYLE}: ${answer.status}`);
  return answer.text();
};

/**
 * A trap of the program, wherever it was called from: it is dead then, for all elements, and none of its functions may be
 * called any more. This is listened to while an element is shown.
 */
const watch = ({ error }) => {
  // What is left of a copy that failed before may fail again, and is nobody's business any more.
  const ours = [PROGRAM, BINARY, REST].some((address) => error?.stack?.includes(`${address}${copy}:`));
  if (!(error instanceof WebAssembly.RuntimeError && ours)) return;
  anew();
  for (const element of shown) element[CRASHED]();
};
const CRASHED = Symbol();

/** A verifier and its challenge (RFC 7636). */
const pair = async () => {
  const base64 = (bytes) =>
    btoa(String.fromCharCode(...new Uint8Array(bytes)))
      .replace(/[+/=]/g, (character) => ({ '+': '-', '/': '_', '=': '' })[character]);
  const verifier = base64(crypto.getRandomValues(new Uint8Array(32)));
  const challenge = base64(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier)));
  return { verifier, challenge };
};

/**
 * How a person signs in to an API of another site: in a window of the service, which hands over a token
 * (docs/embedding-sign-in.md). The stand-alone page uses it too, where its API is elsewhere.
 */
export class Entrance {
  #api;
  #application;
  #storage;
  #pair;
  #signing;
  /** What the application acts by, once somebody signed in. */
  token;
  /** Who they are, in JSON. */
  session;

  /** The application is answered by a function, once it is there. What is kept in a storage, if there is one, survives a reload. */
  constructor(api, application, storage) {
    this.#api = api;
    this.#application = application;
    this.#storage = storage;
    try {
      [this.token, this.session] = JSON.parse(storage?.getItem(`${ENTRANCE} ${api}`) ?? '[]');
    } catch {
      // What cannot be read is as good as nothing.
    }
    this.#prepare();
  }

  /** Nobody is signed in any more. */
  forget() {
    this.#keep();
  }

  /** Waits for nobody any more. */
  end() {
    this.#signing?.abort();
  }

  #keep(token, session) {
    this.token = token;
    this.session = session;
    try {
      this.#storage?.setItem(`${ENTRANCE} ${this.#api}`, JSON.stringify([token, session]));
    } catch {
      // It lasts as long as the page, then.
    }
  }

  /** Saves a document as a file. It takes the token, which no link can carry. */
  async save(address, name) {
    const say = (words) => this.#application()?.warn(`Le fichier n’a pas pu être lu. ${words}`);
    try {
      const answer = await fetch(address, {
        credentials: 'omit',
        headers: { Authorization: `Bearer ${this.token}` },
      });
      if (answer.status === 401) return say('Votre session est terminée : reconnectez-vous, puis réessayez.');
      // A page is somebody else’s answer, whatever its status.
      const isFile = /^(application\/pdf|image\/)/.test(answer.headers.get('Content-Type'));
      if (!answer.ok || !isFile) return say('Réessayez dans un instant.');
      const link = document.createElement('a');
      link.href = URL.createObjectURL(await answer.blob());
      link.download = name;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), TEN_MINUTES);
    } catch {
      say('Vérifiez votre accès à internet, puis réessayez.');
    }
  }

  /** What signing in needs is there before somebody wants to: browsers open a window at once or not at all. */
  #prepare() {
    this.#pair = pair().catch(() => ({}));
  }

  /** Opens the window in which the person signs in, and waits for what comes of it. */
  async signIn() {
    this.#signing?.abort();
    const signing = (this.#signing = new AbortController());
    const { verifier, challenge } = await this.#pair;
    if (!challenge) {
      this.#application()?.warn('La connexion n’est possible que sur un site dont l’adresse commence par https.');
      return;
    }
    // One challenge is worth one token.
    this.#prepare();
    const api = this.#api;
    const page = new URL('.', api);
    page.search = new URLSearchParams({ page: 'portail', challenge, origin: location.origin });
    const child = open(page, '_blank', 'popup,width=560,height=760');
    if (!child) {
      this.#application()?.warn('La fenêtre de connexion a été bloquée par votre navigateur. Autorisez-la, puis réessayez.');
      return;
    }
    const claim = async (code) => {
      try {
        const answer = await fetch(`${api}/embed/tokens`, {
          method: 'POST',
          credentials: 'omit',
          headers: { 'Content-Type': 'application/json' },
          body: JSON.stringify({ verifier, code }),
        });
        // Read in any case: an answer that nobody reads is one that was broken off.
        const text = await answer.text();
        if (answer.status === 201 && !signing.signal.aborted) {
          const { token, session } = JSON.parse(text);
          signing.abort();
          this.#keep(token, JSON.stringify(session));
          this.#application()?.enter(this.token, this.session);
        }
      } catch {
        // Given up, or unreachable for now.
      }
    };
    const { signal } = signing;
    const hear = ({ origin, source, data }) => {
      if (origin !== page.origin || source !== child || data?.habilitation !== 'sign-in') return;
      if (data.code) claim(data.code);
      else signing.abort();
    };
    addEventListener('message', hear, { signal });
    const asking = setInterval(claim, BETWEEN_CLAIMS);
    const ending = setTimeout(() => signing.abort(), TEN_MINUTES);
    signal.addEventListener('abort', () => {
      clearInterval(asking);
      clearTimeout(ending);
    });
  }
}

class Demande extends HTMLElement {
  static observedAttributes = ['api', 'request', 'step', 'theme', 'storage', 'heading-level'];

  /** What the browser keeps of files, where there is no API. */
  #documents;
  #root = this.attachShadow({ mode: 'open' });
  #mounted;
  /** Tells a start that something else happened since. */
  #turn = 0;
  /** Where the person was when the element was taken away. */
  #place;
  /** Where they sign in, and who they are as long as the page lives. */
  #entrance;
  #waiting;
  /** What the portal would like to be filled in, until somebody can. */
  #wanted = [];
  /** Where in the portal the focus came from, while it is here. */
  #before;

  constructor() {
    super();
    for (const name of TYPING) this.#root.addEventListener(name, keepTyping);
    for (const name of ['dragover', 'drop']) this.#root.addEventListener(name, keepFiles);
    this.addEventListener('focusin', ({ relatedTarget }) => (this.#before = relatedTarget));
    this.addEventListener('focusout', () =>
      queueMicrotask(() => {
        // Taken away with the focus in it, it keeps in mind where the focus came from.
        if (this.isConnected && !this.#root.activeElement) this.#before = undefined;
      }),
    );
  }

  connectedCallback() {
    // A node that was moved is connected again before anything was taken away.
    if (shown.has(this)) return;
    if (!shown.size) addEventListener('error', watch);
    shown.add(this);
    for (const name of PROPERTIES) {
      // What the portal set before this file was here hides the real property.
      if (Object.hasOwn(this, name)) {
        const value = this[name];
        delete this[name];
        this[name] = value;
      }
    }
    if (this.loading === 'lazy') {
      this.#waiting = new IntersectionObserver((entries) => {
        if (entries.some(({ isIntersecting }) => isIntersecting)) this.#start();
      });
      this.#waiting.observe(this);
    } else {
      this.#start();
    }
  }

  disconnectedCallback() {
    queueMicrotask(() => {
      if (!this.isConnected) this.#end();
    });
  }

  connectedMoveCallback() {}

  attributeChangedCallback(name, before, value) {
    if (before === value) return;
    const places = name === 'request' || name === 'step';
    if (places || name === 'api') this.#place = undefined;
    // A token is for the API that gave it.
    if (name === 'api') this.#leave();
    if (!this.#mounted) return;
    if (name === 'theme') this.#mounted.theme(this.#theme());
    // Several attributes may change together.
    else if (places) queueMicrotask(() => !this.#place && this.#mounted?.go(this.#from()));
    else queueMicrotask(() => this.#restart());
  }

  /** Sends the request, as the button of the last step does. Whether it is that step. */
  submit() {
    const form = this.#root.querySelector('[data-step="review"]');
    form?.requestSubmit();
    return !!form;
  }

  /** Once everything that was typed is saved by the API. */
  async save() {
    await new Promise((resolve) => (this.#mounted ? this.#mounted.save(resolve) : resolve()));
  }

  focus(options) {
    this.#root.querySelector('.h1')?.focus(options);
  }

  /** Takes the element away for good: nothing of it is remembered but what is kept on the device. */
  destroy() {
    this.remove();
    this.#place = undefined;
    this.#leave();
    this.#wanted = [];
  }

  /** What was typed so far. */
  get draft() {
    return JSON.parse(this.#mounted?.draft() ?? 'null');
  }

  /** Gives answers, by the paths of their fields, where the person gave none. */
  prefill(answers) {
    this.#wanted.push(...Object.entries(answers));
    this.#fill();
  }

  #fill() {
    if (!this.#mounted) return;
    const fields = this.#wanted
      .splice(0)
      .filter(([path, value]) => !this.#mounted.prefill(path, Array.isArray(value) ? value.join(' ') : String(value)))
      .map(([path]) => path);
    if (fields.length) this.#dispatch('error', { code: 'not-prefilled', fields });
  }

  #api() {
    return this.api === null ? undefined : new URL(this.api, document.baseURI).href.replace(/\/+$/, '');
  }

  #theme() {
    return ['light', 'dark'].includes(this.theme) ? this.theme : undefined;
  }

  /** Where to begin, as in an address of the stand-alone page. */
  #from() {
    const { request, step } = this;
    if (!request) return 'page=demandes';
    if (request === 'new') return 'demande=nouvelle';
    return step ? `demande=${request}&etape=${step}` : `demande=${request}`;
  }

  async #start() {
    this.#waiting?.disconnect();
    const turn = ++this.#turn;
    this.#say('Un instant…');
    const late = setTimeout(() => {
      if (turn === this.#turn) {
        this.#fail('La demande tarde à s’afficher. Patientez encore un peu, ou vérifiez votre accès à internet.');
      }
    }, PATIENCE);
    try {
      const api = this.#api();
      if (api) this.#entrance ??= new Entrance(api, () => this.#mounted);
      const [[module, text], documents] = await Promise.all([load(), api ? undefined : import(DOCUMENTS)]);
      if (turn !== this.#turn) return;
      this.#root.adoptedStyleSheets = [(sheet ??= this.#sheet(text))];
      this.#documents = documents;
      const said = [...this.#root.childNodes];
      const mounted = await module.mount(this.#root, this.#portal());
      if (turn !== this.#turn) return mounted.unmount();
      this.#mounted = mounted;
      for (const node of said) node.remove();
      this.#dispatch('ready', {});
      this.#fill();
    } catch (error) {
      // What fails while it is shown for the first time is as dead.
      watch({ error });
      if (turn === this.#turn) this.#fail('La demande n’a pas pu se charger. Vérifiez votre accès à internet.');
    } finally {
      clearTimeout(late);
    }
  }

  /** The style, in units of the text size that the person chose: those of the portal's root may be anything. */
  #sheet(text) {
    const probe = document.createElement('span');
    probe.style.font = 'medium sans-serif';
    this.#root.append(probe);
    const unit = parseFloat(getComputedStyle(probe).fontSize);
    const made = new CSSStyleSheet();
    made.replaceSync(text.replace(/(\d*\.?\d+)rem\b/g, (_, number) => `${number * unit}px`));
    return made;
  }

  #portal() {
    return {
      api: this.#api(),
      base: BASE,
      documents: this.#documents,
      place: this.#place ?? this.#from(),
      storage: this.storage ?? undefined,
      theme: this.#theme(),
      heading: this.headingLevel,
      entrance: this.#entrance,
      tell: (event, first, second) => this.#hear(event, first, second),
    };
  }

  #hear(event, first, second) {
    switch (event) {
      case 'place':
        this.#place = first;
        return true;
      case 'step':
        return this.#dispatch(event, { request: first, step: second });
      case 'saved':
        return this.#dispatch(event, { where: first, revision: second ? Number(second) : null });
      case 'conflict':
        return this.#dispatch(event, { fields: first.split(' ') });
      case 'submit':
        return this.#dispatch(event, { request: first });
      case 'submitted':
        return this.#dispatch(event, { request: first, number: second });
      default:
        return this.#dispatch(event, { code: first });
    }
  }

  #dispatch(name, detail) {
    return this.dispatchEvent(
      new CustomEvent(`habilitation:${name}`, {
        detail,
        bubbles: true,
        composed: true,
        cancelable: CANCELLABLE.includes(name),
      }),
    );
  }

  #restart() {
    if (!this.#mounted) return;
    this.#unmount();
    this.#start();
  }

  #end() {
    if (!shown.delete(this)) return;
    if (!shown.size) removeEventListener('error', watch);
    this.#turn += 1;
    this.#waiting?.disconnect();
    this.#unmount();
    this.#root.replaceChildren();
    this.#root.adoptedStyleSheets = [];
    // The focus was here and is nowhere now: it goes back where it came from.
    if (this.#before?.isConnected && document.activeElement === document.body) {
      this.#before.focus({ preventScroll: true });
    }
    this.#before = undefined;
  }

  /** Whoever was signed in is not any more. */
  #leave() {
    this.#entrance?.end();
    this.#entrance = undefined;
  }

  #unmount() {
    this.#entrance?.end();
    const mounted = this.#mounted;
    this.#mounted = undefined;
    mounted?.unmount();
  }

  [CRASHED]() {
    this.#turn += 1;
    this.#entrance?.end();
    this.#mounted = undefined;
    this.#fail('L’affichage de la demande s’est interrompu. Ce que vous avez écrit reste sur cet appareil.');
    this.#dispatch('error', { code: 'crashed' });
  }

  #say(words, button) {
    const frame = document.createElement('div');
    frame.lang = 'fr';
    frame.className = 'habilitation';
    const notice = document.createElement('p');
    notice.setAttribute('role', button ? 'alert' : 'status');
    notice.textContent = words;
    frame.append(notice);
    if (button) frame.append(button);
    this.#root.replaceChildren(frame);
  }

  #fail(words) {
    const button = document.createElement('button');
    button.className = 'button';
    button.textContent = 'Recharger la demande';
    button.addEventListener('click', () => {
      // What is still waited for may never come.
      if (pending) anew();
      this.#start();
    });
    this.#say(words, button);
  }
}

/** Attributes that are properties of the same name. */
const PROPERTIES = ['api', 'request', 'step', 'theme', 'storage', 'loading', 'headingLevel'];
for (const name of PROPERTIES) {
  const attribute = name === 'headingLevel' ? 'heading-level' : name;
  Object.defineProperty(Demande.prototype, name, {
    configurable: true,
    enumerable: true,
    get() {
      const value = this.getAttribute(attribute);
      return name === 'headingLevel' ? Math.min(Math.max(Number(value ?? 2) || 2, 1), 4) : value;
    },
    set(value) {
      if (value === null || value === undefined) this.removeAttribute(attribute);
      else this.setAttribute(attribute, value);
    },
  });
}

if (!customElements.get(NAME)) customElements.define(NAME, Demande);
