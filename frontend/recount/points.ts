// Signatures by points of P-256: slips by their serials, cosignatures by scrutineers.
import type { Bytes } from "../shared/bytes";
import { isInRange } from "../shared/signatures";

/** The uncompressed point as a public key, or null if it is none. */
export async function importPoint(point: Bytes): Promise<CryptoKey | null> {
  if (point[0] !== 4) return null;
  const algorithm = { name: "ECDSA", namedCurve: "P-256" };
  return crypto.subtle.importKey("raw", point, algorithm, false, ["verify"]).catch(() => null);
}

/** Whether `signature` is the key's over `message`, in its one spelling. */
export async function isSignedByPoint(key: CryptoKey, signature: Bytes, message: Bytes): Promise<boolean> {
  if (!isInRange(signature)) return false;
  return crypto.subtle.verify({ name: "ECDSA", hash: "SHA-256" }, key, signature, message);
}
