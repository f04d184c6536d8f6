// Which files a record has.
import { headFile, listedFiles, signatureFile } from "../shared/head";

/** What scrutineers signed about the record. It may be missing, and the head does not list it. */
export const cosignaturesFile = "cosignatures.jsonl";

export const neededFiles = [...listedFiles, headFile, signatureFile];

/** All names that a file of a record can have. */
export const recordFiles = [...neededFiles, cosignaturesFile];
