/** A portal that is served. */
export interface Portal {
  /** Where its page is: `http://localhost:34567/`. */
  address: string;
  /** Address of the service whose element it shows, with a slash at its end. */
  service: string;
  /** What its policy was violated by. */
  reports: string[];
  /** Headers that its page has besides. */
  headers?: Record<string, string>;
  stop(): Promise<void>;
}

export function start(port?: number): Promise<Portal>;
export function policy(origin: string): string;
