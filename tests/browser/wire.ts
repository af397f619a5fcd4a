/** Bytes that reach a page over the network, by the browser's own account of them. */
import type { CDPSession } from '@playwright/test';

/** Bytes of an answer that came together. */
interface Part {
  /** Seconds of the browser's monotonic clock. */
  at: number;
  bytes: number;
}

/** Counts what one page receives, headers and compressed bodies alike; not what its service worker fetches. */
export class Wire {
  private readonly parts: Part[] = [];
  /** Bytes counted so far of each request whose answer has not ended. */
  private readonly underWay = new Map<string, number>();
  /** Nothing has been under way since this time of `performance.now()`; infinite while something is. */
  private quietSince = performance.now();

  private constructor(private readonly devtools: CDPSession) {}

  static async of(devtools: CDPSession): Promise<Wire> {
    const wire = new Wire(devtools);
    wire.listen();
    await devtools.send('Network.enable');
    return wire;
  }

  /** Waits until nothing has been under way for so many milliseconds. */
  async quiet(milliseconds: number): Promise<void> {
    for (;;) {
      const left = this.quietSince + milliseconds - performance.now();
      if (left <= 0) return;
      await new Promise((resolve) => setTimeout(resolve, Math.min(left, 50)));
    }
  }

  /** All bytes that have come so far. */
  get bytes(): number {
    return sum(this.parts);
  }

  /** The bytes that had come at a time of the page's own `performance.now()`. */
  async bytesUntil(milliseconds: number): Promise<number> {
    await this.devtools.send('Performance.enable');
    const { metrics } = await this.devtools.send('Performance.getMetrics');
    const start = metrics.find(({ name }) => name === 'NavigationStart')?.value ?? Number.NaN;
    return sum(this.parts.filter(({ at }) => at <= start + milliseconds / 1_000));
  }

  private listen(): void {
    const { devtools } = this;
    devtools.on('Network.requestWillBeSent', ({ requestId }) => {
      this.underWay.set(requestId, 0);
      this.quietSince = Number.POSITIVE_INFINITY;
    });
    devtools.on('Network.responseReceived', ({ requestId, timestamp, response }) =>
      this.add(requestId, timestamp, response.encodedDataLength),
    );
    devtools.on('Network.dataReceived', ({ requestId, timestamp, encodedDataLength }) =>
      this.add(requestId, timestamp, encodedDataLength),
    );
    devtools.on('Network.loadingFinished', ({ requestId, timestamp, encodedDataLength }) => {
      // The end knows the whole, whatever the parts told.
      this.add(requestId, timestamp, encodedDataLength - (this.underWay.get(requestId) ?? 0));
      this.end(requestId);
    });
    devtools.on('Network.loadingFailed', ({ requestId }) => this.end(requestId));
  }

  private add(request: string, at: number, bytes: number): void {
    const counted = this.underWay.get(request);
    if (counted === undefined) return;
    this.underWay.set(request, counted + bytes);
    this.parts.push({ at, bytes });
  }

  private end(request: string): void {
    if (this.underWay.delete(request) && this.underWay.size === 0) this.quietSince = performance.now();
  }
}

function sum(parts: Part[]): number {
  return parts.reduce((total, { bytes }) => total + bytes, 0);
}
