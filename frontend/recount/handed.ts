// Which places only scrutineers can recount: what is handed over to them, of what counts.json says.
import type { Place } from "./closing";
import type { LineCount, PoolCount } from "./counts";

/** The places whose slips are handed over, in the manifest's order, with what counts.json says of them. */
export function handedPlaces(counts: PoolCount[]): (Place & { count: LineCount })[] {
  return counts
    .filter(({ verdict }) => verdict === "valid")
    .flatMap(({ pool, lines }) =>
      lines.filter(isHanded).map((count) => ({ pool, line: count.line, count })),
    );
}

/** Where nothing is published, slips are opened only to show that those called invalid are. */
function isHanded({ publication, invalid }: LineCount): boolean {
  return publication === "counts" || publication === "band" || (publication === "nothing" && invalid.size > 0);
}
