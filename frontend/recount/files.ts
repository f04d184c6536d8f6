// Which files a record has, in each of its forms.
import { type Form, forms, headFile, signatureFile } from "../shared/head";

export const manifestFile = "manifest.json";

export function filesOf({ listed }: Form): string[] {
  return [manifestFile, ...listed, headFile, signatureFile];
}

/** All names that a file of a record can have, in whichever form. */
export const recordFiles = filesOf(forms[1]);
