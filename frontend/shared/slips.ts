// The format of a slip in docs/ballots.md: the bytes that its key signs, its name, its commitment, the context of its
// seal, its line of the board. Shared by the booth, which finds its own slips on the board, and the recount, which
// reads them all. Reading is strict. Whether a token or a signature holds is checked by them, each for itself.
import { type Bytes, join, lp, sha256, tag, unsigned, utf8 } from "./bytes";
import { asBytes, asFields, asIdentifier, asList, asWhole, readJson } from "./fields";

const largestVersion = 2 ** 32 - 1;

/**
 * One voter's marks for one line, as cast. `sealed` is dropped once the box has acknowledged the slip; its hash stays.
 */
export interface Slip {
  pool: string;
  line: string;
  serial: Bytes;
  tokens: Bytes[];
  version: number;
  commitment: Bytes;
  sealed: Bytes | null;
  sealedHash: Bytes;
  signature: Bytes;
}

export type UnsignedSlip = Omit<Slip, "signature">;

export function commitment(manifest: Bytes, serial: Bytes, marks: Bytes, salt: Bytes): Promise<Bytes> {
  return sha256(join(tag("blindballot-commitment-1"), manifest, serial, lp(marks), salt));
}

/** The bytes that the serial's own key signs. `manifest` is the manifest's SHA-256, here and below. */
export function slipBody(manifest: Bytes, slip: UnsignedSlip): Bytes {
  return join(
    tag("blindballot-slip-1"),
    manifest,
    lp(utf8(slip.pool)),
    lp(utf8(slip.line)),
    slip.serial,
    unsigned(slip.tokens.length, 1),
    ...slip.tokens,
    unsigned(slip.version, 4),
    slip.commitment,
    slip.sealedHash,
  );
}

/** A slip's name, which is its leaf on the board: without the signature, so that nobody on the way can rename it. */
export function slipName(manifest: Bytes, slip: UnsignedSlip): Promise<Bytes> {
  return sha256(slipBody(manifest, slip));
}

/** What the seal binds: the HPKE `info` of a slip. */
export function sealInfo(manifest: Bytes, pool: string, line: string, serial: Bytes, version: number): Bytes {
  return join(tag("blindballot-sealed-1"), manifest, lp(utf8(pool)), lp(utf8(line)), serial, unsigned(version, 4));
}

/** The slip of a line of the board, without its line feed. Throws Misfit. */
export function readSlip(text: string): Slip {
  const names = ["pool", "line", "serial", "tokens", "version", "commitment", "sealed_hash", "signature"];
  const given = asFields(readJson(text), "", names);
  return {
    pool: asIdentifier(given.pool, "pool"),
    line: asIdentifier(given.line, "line"),
    serial: asBytes(given.serial, "serial", 65),
    tokens: asList(given.tokens, "tokens", [1, 255], (token, place) => asBytes(token, place, 288)),
    version: asWhole(given.version, "version", 1, largestVersion),
    commitment: asBytes(given.commitment, "commitment", 32),
    sealed: null,
    sealedHash: asBytes(given.sealed_hash, "sealed_hash", 32),
    signature: asBytes(given.signature, "signature", 64),
  };
}
