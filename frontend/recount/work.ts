// The worker's side: opens the source, recounts, reports how far it is, stops when asked. The page keeps one worker for
// as long as it is open, so that nothing needs to be fetched again without a network.
import { type Outcome, type Watch, recount } from "./record";
import { type Source, Unusable, openSource } from "./source";
import type { Trouble } from "./words";

export type Order =
  | { kind: "recount"; source: Source; announced: string; openAll: boolean }
  | { kind: "stop" };

export type Report =
  | { kind: "progress"; done: number; total: number }
  | { kind: "done"; outcome: Outcome }
  | { kind: "stopped" }
  | { kind: "failed"; word: Trouble };

class Stopped extends Error {}

export class Work {
  private isStopped = false;

  constructor(private readonly report: (report: Report) => void) {}

  /** One recount at a time; the last report is `done`, `stopped` or `failed`. */
  async take(order: Order): Promise<void> {
    this.isStopped = order.kind === "stop";
    if (order.kind === "stop") return;
    try {
      this.report({ kind: "done", outcome: await this.recount(order) });
    } catch (error) {
      if (error instanceof Stopped) this.report({ kind: "stopped" });
      else this.report({ kind: "failed", word: error instanceof Unusable ? error.word : "unexpected" });
      if (!(error instanceof Stopped || error instanceof Unusable)) console.error(error);
    }
  }

  private async recount(order: Order & { kind: "recount" }): Promise<Outcome> {
    if (!globalThis.crypto?.subtle) throw new Unusable("insecure");
    const files = await openSource(order.source);
    await this.watch(0, 0);
    return recount({ files, announced: order.announced, openAll: order.openAll }, this.watch);
  }

  private readonly watch: Watch = async (done, total) => {
    // A stop can only arrive between two tasks.
    await new Promise((resolve) => setTimeout(resolve));
    if (this.isStopped) throw new Stopped();
    if (total) this.report({ kind: "progress", done, total });
  };
}
