/**
 * A tab of an engine, and what can be found in it, used as a person would: by what is shown.
 */
import { expect } from '@playwright/test';
import { type Command, type Element, type Engine, Refused } from './engine.ts';
import { describe, find, type Query } from './finding.ts';

/** A browser of one person: its tabs share cookies and storage. */
export class Profile {
  private current = '';
  private queue: Promise<unknown> = Promise.resolve();

  constructor(
    readonly engine: Engine,
    /** Where addresses of tabs start from. */
    readonly base: string,
  ) {}

  /** Opens a tab. */
  async open(address?: string): Promise<Tab> {
    const { handle } = await this.do(async () => {
      // A window must be the current one for another to be opened, and the last one may be gone.
      await this.switchTo((await this.windows())[0] ?? '');
      return (await this.engine.command('NewWindow', { type: 'window' })) as { handle: string };
    });
    const tab = new Tab(this, handle);
    if (address !== undefined) await tab.goto(address);
    return tab;
  }

  /** The tab or window that something opens. */
  async opened(by: () => Promise<void>): Promise<Tab> {
    const before = await this.do(() => this.windows());
    await by();
    const opened: string[] = [];
    const isNew = (handle: string): boolean => !before.includes(handle);
    await soon(
      async () => opened.push(...(await this.do(() => this.windows())).filter(isNew)),
      'windows opened',
    ).toBeGreaterThan(0);
    return new Tab(this, opened[0] ?? '');
  }

  /** Closes all tabs but one, which shows this page, and forgets who is signed in on its site. */
  async clear(page: string): Promise<void> {
    const blank = await this.open(page);
    await blank.command('DeleteAllCookies');
    await this.do(async () => {
      for (const handle of await this.windows()) {
        if (handle === blank.handle) continue;
        await this.switchTo(handle);
        await this.engine.command('CloseWindow');
      }
      await this.switchTo(blank.handle);
    });
  }

  /** What each tab shows, for whoever reads why a test failed. */
  async describe(): Promise<string> {
    const tabs = (await this.do(() => this.windows())).map((handle) => new Tab(this, handle));
    const shown = tabs.map((tab) => tab.evaluate(describe).catch(String));
    return (await Promise.all(shown)).join('\n\n');
  }

  async isOpen(handle: string): Promise<boolean> {
    return (await this.do(() => this.windows())).includes(handle);
  }

  /** One command after the other, each in the window that it is for. */
  command(handle: string, name: Command, parameters?: object): Promise<unknown> {
    return this.do(async () => {
      if (this.current !== handle) await this.switchTo(handle);
      return this.engine.command(name, parameters);
    });
  }

  private async switchTo(handle: string): Promise<void> {
    await this.engine.command('SwitchToWindow', { handle });
    this.current = handle;
  }

  private windows(): Promise<string[]> {
    return this.engine.command('GetWindowHandles') as Promise<string[]>;
  }

  private do<T>(work: () => Promise<T>): Promise<T> {
    const done = this.queue.then(work);
    this.queue = done.catch(() => undefined);
    return done;
  }
}

export class Tab {
  constructor(
    readonly profile: Profile,
    readonly handle: string,
  ) {}

  command(name: Command, parameters?: object): Promise<unknown> {
    return this.profile.command(this.handle, name, parameters);
  }

  /** Goes to an address, of the page's own when it is relative. */
  async goto(address: string): Promise<void> {
    await this.command('Navigate', { url: new URL(address, this.profile.base).href });
    await this.settled();
  }

  /** Waits until the program of a page has taken over, or says that it does not come. */
  private async settled(): Promise<void> {
    const isSettled = (): boolean => {
      const notice = document.getElementById('notice');
      return (
        !document.getElementById('shell') || (notice !== null && getComputedStyle(notice).visibility === 'visible')
      );
    };
    // A page that goes elsewhere at once answers nothing.
    await soon(() => this.evaluate(isSettled).catch(() => false), 'the page is whole').toBe(true);
  }

  async reload(): Promise<void> {
    await this.command('Refresh');
    await this.settled();
  }

  async close(): Promise<void> {
    await this.command('CloseWindow');
  }

  async expectClosed(): Promise<void> {
    await soon(() => this.profile.isOpen(this.handle), 'the window is open').toBe(false);
  }

  /** What a function answers in the page, where nothing of this file is known. */
  async evaluate<A extends unknown[], T>(work: (...given: A) => T | Promise<T>, ...given: A): Promise<T> {
    const script = `const given = [...arguments], done = given.pop();
      (async () => (${work.toString()})(...given))().then((value) => done([true, value]), (error) => done([false, String(error)]));`;
    const [well, value] = (await this.command('ExecuteAsyncScript', { script, args: given })) as [boolean, T];
    if (!well) throw new Error(String(value));
    return value;
  }

  /** Where the tab is. */
  url(): Promise<string> {
    return this.evaluate(() => location.href);
  }

  title(): Promise<string> {
    return this.evaluate(() => document.title);
  }

  /** What matches a selector and holds a text. */
  find(css: string, text?: string | RegExp): Found {
    return new Found(this, query(css, text));
  }

  button(name: string | RegExp): Found {
    return this.find('button, [role=button]', name);
  }

  link(name: string | RegExp): Found {
    return this.find('a[href], [role=link]', name);
  }

  /** The control of a field, or the one with this value where there are several. */
  control(path: string, value?: string): Found {
    return this.find(`[name="${path}"]${value === undefined ? '' : `[value="${value}"]`}`);
  }

  /** Expects that the first thing that matches a selector says this. */
  async expectText(css: string, text: string | RegExp): Promise<void> {
    await this.find(css, text).expectShown();
  }

  /** Expects that the heading of the page, or of the element, says this. */
  async expectHeading(text: string | RegExp): Promise<void> {
    await this.expectText('h1, [data-heading], demande-habilitation h2', text);
  }

  /** Presses keys where the focus is. */
  async press(keys: string): Promise<void> {
    const element = await this.evaluate(() => {
      let at = document.activeElement;
      while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
      return at as unknown as Element;
    });
    await this.command('ElementSendKeys', { id: Object.values(element)[0], text: keys });
  }
}

/** Something in a tab, looked for anew each time. */
export class Found {
  constructor(
    private readonly tab: Tab,
    private readonly query: Query,
  ) {}

  toString(): string {
    return `${this.query.css}${this.query.text === undefined ? '' : ` with “${this.query.text}”`}`;
  }

  /** The one at this place among several. */
  nth(place: number): Found {
    return new Found(this.tab, { ...this.query, place });
  }

  /** What stands inside. */
  find(css: string, text?: string | RegExp): Found {
    return new Found(this.tab, { ...query(css, text), within: this.query });
  }

  async count(): Promise<number> {
    return (await this.all()).length;
  }

  async isShown(): Promise<boolean> {
    return (await this.count()) > 0;
  }

  async expectShown(): Promise<void> {
    await soon(() => this.settled(() => this.isShown()), `shown: ${this}`).toBe(true);
  }

  async expectGone(): Promise<void> {
    await soon(() => this.settled(() => this.isShown()), `shown: ${this}`).toBe(false);
  }

  async expectValue(value: string): Promise<void> {
    await soon(() => this.settled(() => this.read('value')), `value of ${this}`).toBe(value);
  }

  async expectChecked(checked = true): Promise<void> {
    await soon(() => this.settled(() => this.read('checked')), `whether ${this} is checked`).toBe(checked);
  }

  /** A property of it. */
  async read(property: string): Promise<unknown> {
    const [element] = await this.all();
    if (!element) return undefined;
    return this.tab.evaluate((node, name) => (node as unknown as Record<string, unknown>)[name], element, property);
  }

  text(): Promise<string> {
    return this.read('innerText') as Promise<string>;
  }

  async click(): Promise<void> {
    // It may move, or be drawn anew, between being found and being clicked.
    await this.act((id) => this.tab.command('ElementClick', { id }));
  }

  async focus(): Promise<void> {
    const element = await this.element();
    await this.tab.evaluate((node) => (node as unknown as HTMLElement).focus(), element);
  }

  /** Types a text in place of what is there, key by key. */
  async fill(text: string): Promise<void> {
    await this.act(async (id, element) => {
      await this.tab.evaluate((node) => {
        const field = node as unknown as HTMLInputElement;
        field.focus();
        field.select();
      }, element);
      // The key of erasing, where nothing takes the place of what was there.
      await this.tab.command('ElementSendKeys', { id, text: text === '' ? '\ue003' : text.replaceAll('\n', '\ue007') });
    });
  }

  /** Ticks a box, or takes its tick away. */
  async check(checked = true): Promise<void> {
    await this.expectShown();
    if ((await this.read('checked')) !== checked) await this.click();
    await this.expectChecked(checked);
  }

  /** Chooses files by their place on disk. */
  async choose(...files: string[]): Promise<void> {
    const element = await this.element();
    await this.tab.command('ElementSendKeys', { id: Object.values(element)[0], text: files.join('\n') });
  }

  private async act(work: (id: string, element: Element) => Promise<unknown>): Promise<void> {
    await expect(async () => {
      const element = await this.element();
      await work(Object.values(element)[0] ?? '', element);
    }, `at hand: ${this}`).toPass({ timeout: 15_000, intervals: [50, 100, 200] });
  }

  private async element(): Promise<Element> {
    await this.expectShown();
    const [element] = await this.all();
    if (!element) throw new Error(`nothing there: ${this}`);
    return element;
  }

  private all(): Promise<Element[]> {
    return this.tab.evaluate(find, this.query) as unknown as Promise<Element[]>;
  }

  /** While a page is left for another, nothing can be asked of either. */
  private async settled<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof Refused && PASSING.includes(error.code)) return undefined;
      throw error;
    }
  }
}

/** What is answered while a page is being left, or drawn anew. */
const PASSING = [
  'javascript error',
  'stale element reference',
  'detached shadow root',
  'unknown error',
  'no such element',
  'script timeout',
];

/** Asks again and again, often at first: most of what is waited for is there at once. */
function soon<T>(ask: () => Promise<T>, what: string) {
  return expect.poll(ask, { message: what, intervals: [20, 50, 100, 100, 250] });
}

function query(css: string, text?: string | RegExp): Query {
  if (text === undefined) return { css };
  if (typeof text === 'string') return { css, text };
  // French sets a non-breaking space in many places.
  return { css, text: text.source.replaceAll(' ', '\\s'), flags: text.flags };
}
