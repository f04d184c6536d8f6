// What can be wrong in what the house hands to a scrutineer, beside the checks that everybody makes.
import { type Check, Findings } from "../findings";

export const sealedChecks = [
  "bad-handover", // {detail}: the place in the line
  "other-places",
  "share-closed", // {pool} {place}
  "share-misfit", // {pool} {place}
] as const;

export type SealedCheck = (typeof sealedChecks)[number] | Check;
export type SealedFindings = Findings<SealedCheck>;
