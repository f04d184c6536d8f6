// A stack that is ready to be cast and has not been stored or sent: it is cast or opened, never both.
import type { Slip } from "../shared/slips";
import type { OpenedSlip } from "../shared/sealcode";
import type { Stack } from "./ballot";
import { Distrust } from "./words";

export class Prepared {
  /** The seal code as it was shown; empty before that. */
  code = "";
  private fate: "open" | "cast" | null = null;

  constructor(
    private readonly stack: Stack,
    private readonly openings: OpenedSlip[],
  ) {}

  /** What the seal code is made of. */
  get slips(): readonly Slip[] {
    return this.stack.slips;
  }

  /** The stack to be cast, the same at every try. Throws Distrust("was_opened") if it was opened. */
  cast(): Stack {
    this.decide("cast");
    return this.stack;
  }

  /** What every slip was made from; nobody casts it any more. Throws Distrust("was_cast") if it was cast. */
  open(): OpenedSlip[] {
    this.decide("open");
    return this.openings;
  }

  private decide(fate: "open" | "cast"): void {
    if (this.fate && this.fate !== fate) throw new Distrust(this.fate === "open" ? "was_opened" : "was_cast");
    this.fate = fate;
  }
}
