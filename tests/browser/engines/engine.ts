/**
 * A browser driven by WebDriver (https://www.w3.org/TR/webdriver2/). The commands are those of the standard; how they
 * travel differs from engine to engine, and is all that an engine brings.
 */

/** How an element is named in commands and answers (§ 12.1 of the standard). */
export const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf';

export type Element = Record<typeof ELEMENT, string>;

/** The commands that the journeys need, each with its method and path over HTTP. */
export const COMMANDS = {
  Navigate: ['POST', 'url'],
  Refresh: ['POST', 'refresh'],
  Back: ['POST', 'back'],
  GetWindowHandle: ['GET', 'window'],
  GetWindowHandles: ['GET', 'window/handles'],
  SwitchToWindow: ['POST', 'window'],
  NewWindow: ['POST', 'window/new'],
  CloseWindow: ['DELETE', 'window'],
  ExecuteAsyncScript: ['POST', 'execute/async'],
  ElementClick: ['POST', 'element/{id}/click'],
  ElementSendKeys: ['POST', 'element/{id}/value'],
  DeleteAllCookies: ['DELETE', 'cookie'],
} as const;

export type Command = keyof typeof COMMANDS;

/** A command that the browser refused. */
export class Refused extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(`${code}: ${message}`);
  }
}

/** One running browser with a profile of its own. */
export interface Engine {
  /** Carries out a command in the window that was switched to last. */
  command(name: Command, parameters?: object): Promise<unknown>;
  /** What its consoles said since it was asked last, errors and warnings. */
  complaints(): Promise<string[]>;
  /** The folder in which downloads arrive. */
  readonly downloads: string;
  stop(): Promise<void>;
}
