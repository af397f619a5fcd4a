// Defines <demande-habilitation>, a request as an element of any portal. docs/embedding.md tells how to use it.
//
// Portals load this file by its name, which never changes; `cargo xtask build` bundles the modules of `embed/` into it. The
// element touches its own node alone in the portal's page, and loads nothing before it is shown.

import { RequestElement } from './embed/element.js';
import { ProgramLoader } from './embed/program-loader.js';

// The stand-alone page signs in by it too, where its API is on another site.
export { SignInWindow } from './embed/sign-in-window.js';

const NAME = 'demande-habilitation';

/**
 * Returns the address of a file that stands beside this one.
 * @param {string} name
 */
const beside = (name) => new URL(name, import.meta.url).href;

// The build writes the hashed names of the first three in place of these.
RequestElement.loader = new ProgramLoader({
  script: beside('./habilitation.js'),
  binary: beside('./habilitation_bg.wasm'),
  style: beside('./style.css'),
  documents: beside('./documents.js'),
  folder: beside('./'),
});

// Another copy of this script may have defined it.
if (!customElements.get(NAME)) customElements.define(NAME, RequestElement);
