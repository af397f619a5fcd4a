/**
 * The program, a WebAssembly module with the loader that wasm-bindgen makes for it: what the scripts call, and what they hand
 * over.
 */

export interface Program {
  /** Compiles the program; once before anything else is called. */
  default(input: { module_or_path: string | Promise<Response> }): Promise<unknown>;
  /** Starts the stand-alone page: draws it in an element, from which it takes the place of the static one. */
  start(
    parent: Element,
    api: string | undefined,
    config: string | undefined,
    session: string | undefined,
    documents: DocumentStore | undefined,
    signInWindow: SignInWindow | undefined,
    proposed: string,
  ): Promise<Application>;
  /** Draws the element of a portal in a node of its shadow tree. */
  mount(node: Node, portal: Portal): Promise<Application>;
}

/** What a page knows of what answers it, once it is read. */
export interface State {
  /** Address of the API; without it the application answers itself. */
  api?: string | undefined;
  /** Configuration of the operator. */
  config?: { proconnect?: boolean };
  /** Who is signed in; `null` where nobody is. Without it, the program asks. */
  session?: { user: { id: string } } | null;
  /** Version of the drafts that this page reads. */
  schema?: number;
}

/** Application that is shown. */
export interface Application {
  /** Keeps what was typed and frees everything else; its nodes are left to the caller. */
  unmount(): void;
  /** Goes to a place, an address of the stand-alone page. */
  go(query: string): void;
  /** Takes another theme; `undefined` is that of the portal's page. */
  theme(theme: string | undefined): void;
  /** Shows what went wrong, until the person goes elsewhere. */
  warn(words: string): void;
  /** Acts for the person of a session, by a token. */
  enter(token: string, session: string): void;
  /** Calls back once everything that was typed is on the server. */
  save(done: () => void): void;
  /** Returns what was typed so far, in JSON; nothing where no request is shown. */
  draft(): string | undefined;
  /** Answers a field where the person did not. Returns whether such an answer is allowed. */
  prefill(path: string, text: string): boolean;
}

/** Portal, as the program sees it. */
export interface Portal {
  /** Address of the API; without it the application answers itself. */
  api: string | undefined;
  /** Address of the folder of the application's files, with a slash at its end. */
  base: string;
  /** Files that the browser keeps, where there is no API. */
  documents: DocumentStore | undefined;
  /** Place to begin at, an address of the stand-alone page. */
  place: string;
  /** Storage of drafts on the device: `local`, `session` or `none`. */
  storage: string | undefined;
  /** Theme that the portal asks for; `undefined` is that of its page. */
  theme: string | undefined;
  /** Level of the heading of each page, from 1 to 4. */
  heading: number;
  /** Way to sign in, where there is an API. */
  signInWindow: SignInWindow | undefined;
  /** Dispatches an event with up to two values. Returns whether it may go on. */
  dispatch(event: string, first: string, second: string): boolean;
}

/** Files that the browser keeps where there is no API: the exports of `documents.js`. */
export interface DocumentStore {
  /** Stores a file. Resolves with the HTTP status that a server would answer. */
  keep(request: string, document: string, file: File): Promise<number>;
  /** Removes a file, or all files of a request. */
  forget(request: string, document?: string): Promise<void>;
  /** Resolves with an address of a file, valid as long as the page is shown. */
  address(request: string, document: string): Promise<string>;
}

/** Sign-in to an API of another site, as the program uses it. */
export interface SignInWindow {
  /** Token to call the API with, once somebody signed in. */
  token: string | undefined;
  /** Session of that person, in JSON. */
  session: string | undefined;
  /** Forgets the token and the session. */
  forget(): void;
  /** Downloads a document under a name. */
  save(address: string, name: string): Promise<void>;
  /** Opens the window. Browsers allow that while the person presses something. */
  signIn(): Promise<void>;
}
