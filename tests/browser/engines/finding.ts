/**
 * How things are found in a page. The function runs there: it knows nothing of this file.
 */

/** What is looked for. */
export interface Query {
  css: string;
  /** A part of its text or of its name; a pattern where there are flags. */
  text?: string;
  flags?: string;
  /** Which of several, all where it is not said. */
  place?: number;
  /** Inside of this. */
  within?: Query;
}

/** What matches and is shown, in the page and in the open shadow trees of its elements, in the order of the page. */
export function find(wanted: Query): unknown[] {
  const words = (text: string): string => text.replace(/\s+/g, ' ').trim();
  const look = ({ css, text, flags, place, within }: Query): globalThis.Element[] => {
    const roots: (ParentNode | globalThis.Element)[] = within ? look(within) : [document];
    const found: globalThis.Element[] = [];
    const walk = (root: ParentNode): void => {
      for (const node of root.querySelectorAll('*')) {
        if (node.matches(css)) found.push(node);
        if (node.shadowRoot) walk(node.shadowRoot);
      }
    };
    for (const root of roots) {
      walk(root);
      const inside = (root as globalThis.Element).shadowRoot;
      if (inside) walk(inside);
    }
    const says = (node: globalThis.Element): boolean => {
      if (text === undefined) return true;
      const said = [(node as HTMLElement).innerText, node.getAttribute('aria-label') ?? ''].map(words);
      return said.some((each) =>
        flags === undefined ? each.includes(words(text)) : new RegExp(text, flags).test(each),
      );
    };
    const shown = found.filter((node) => node.checkVisibility({ visibilityProperty: true }) && says(node));
    return place === undefined ? shown : shown.slice(place, place + 1);
  };
  return look(wanted);
}

/** What a page shows, in words. */
export function describe(): string {
  const inside = (root: ParentNode): string[] =>
    [...root.querySelectorAll('*')].flatMap(({ shadowRoot }) =>
      shadowRoot ? [(shadowRoot as unknown as HTMLElement).textContent ?? '', ...inside(shadowRoot)] : [],
    );
  return [location.href, document.title, document.body.innerText, ...inside(document)].join('\n');
}
