// The worker's side of a scrutineer's recount: unpacks the record, does the whole work, reports how far it is, stops
// when asked.
import type { Bytes } from "../../shared/bytes";
import { Unusable, openSource } from "../source";
import type { Trouble } from "../words";
import { keysOf } from "./keys";
import { type Scrutiny, type Stage, type Task, type Watch, scrutinise } from "./scrutiny";
import type { FetchTrouble } from "./words";

/** What the page sends; the keys as their seed. */
export type Order =
  | ({ kind: "scrutinise"; zip: File; seed: Bytes } & Omit<Task, "files" | "keys">)
  | { kind: "stop" };

export type Report =
  | { kind: "progress"; stage: Stage; done: number; total: number }
  | { kind: "done"; scrutiny: Scrutiny }
  | { kind: "stopped" }
  | { kind: "failed"; word: Trouble | FetchTrouble };

class Stopped extends Error {}

export class ScrutinyWork {
  private isStopped = false;

  constructor(private readonly report: (report: Report) => void) {}

  /** One work at a time; the last report is `done`, `stopped` or `failed`. */
  async take(order: Order): Promise<void> {
    this.isStopped = order.kind === "stop";
    if (order.kind === "stop") return;
    const { zip, seed, kind: _, ...task } = order;
    try {
      const files = await openSource({ kind: "zip", file: zip });
      const scrutiny = await scrutinise({ ...task, files, keys: await keysOf(seed) }, this.watch);
      this.report({ kind: "done", scrutiny });
    } catch (error) {
      if (error instanceof Stopped) this.report({ kind: "stopped" });
      else this.report({ kind: "failed", word: error instanceof Unusable ? error.word : "unexpected" });
      if (!(error instanceof Stopped || error instanceof Unusable)) console.error(error);
    }
  }

  private readonly watch: Watch = async (stage, done, total) => {
    // A stop can only arrive between two tasks.
    await new Promise((resolve) => setTimeout(resolve));
    if (this.isStopped) throw new Stopped();
    this.report({ kind: "progress", stage, done, total });
  };
}
