// Shares of the closing keys of sealed lines (Shamir 1979): f(x) = s + a·x modulo the curve's order, where s is the
// private closing key. Scrutineer i, from 1, has f(i). The closing key s·G and the commitment a·G tell whether a share
// fits (Feldman 1987).
import { type Bytes, join, lp, tag, utf8 } from "../../shared/bytes";
import type { Pause } from "../board";
import { type Point, add, base, invert, isSame, multiply, order, readPoint, toBytes, toNumber } from "../curve";
import { ExchangeKey } from "../hpke";
import type { Keys } from "../keys";
import { type Rules, keyOf } from "../manifest";
import type { SealedFindings } from "./findings";
import { type Handed, handoverFile } from "./handover";
import { type Pair, exchangeKey } from "./keys";

export const shareSize = 32;
const stretch = 16;

/** What one scrutineer holds: a share for each place, in the handover's order. `at` counts scrutineers from 0. */
export interface Holding {
  at: number;
  shares: Bytes[];
}

/** What was handed over, with the closing keys that it belongs to. */
export class Shared {
  private readonly points: { commitment: Point; closing: Point; closingKey: Bytes }[];

  constructor(
    private readonly rules: Rules,
    readonly places: Handed[],
    keys: Keys,
  ) {
    this.points = places.map(({ pool, line, commitment }) => {
      const closingKey = keys.get(keyOf(pool, line))?.closingKey as Bytes;
      return { commitment: readPoint(commitment) as Point, closing: readPoint(closingKey) as Point, closingKey };
    });
  }

  /** The own shares that open and fit; each that does not is a finding, and then there are none to recount with. */
  async open(at: number, pair: Pair, findings: SealedFindings, pause: Pause): Promise<Holding | null> {
    const key = await exchangeKey(pair);
    const shares: Bytes[] = [];
    for (const [index, { pool, line, shares: sealed }] of this.places.entries()) {
      const share = await key.open(sealed[at] as Bytes, this.info(index, at));
      const fault = !share ? "share-closed" : !this.fits(index, at, share) ? "share-misfit" : null;
      if (fault) findings.add(handoverFile, index + 2, fault, { pool, place: line });
      else shares.push(share as Bytes);
      if (index % stretch === stretch - 1) await pause(index + 1);
    }
    return shares.length === this.places.length ? { at, shares } : null;
  }

  /** Whether every share of the holding fits. */
  async isFitting({ at, shares }: Holding, pause: Pause): Promise<boolean> {
    for (const [index, share] of shares.entries()) {
      if (!this.fits(index, at, share)) return false;
      if (index % stretch === stretch - 1) await pause(index + 1);
    }
    return shares.length === this.places.length;
  }

  /**
   * The closing keys of all places, by `keyOf`, out of two holdings that fit. That they fit proves the result: it is
   * the one number whose multiple is the closing key.
   */
  async join(one: Holding, other: Holding): Promise<Map<string, ExchangeKey>> {
    const keys = new Map<string, ExchangeKey>();
    for (const [index, { pool, line }] of this.places.entries()) {
      const [first, second] = [one.shares[index] as Bytes, other.shares[index] as Bytes];
      const secret = interpolate([one.at + 1, toNumber(first)], [other.at + 1, toNumber(second)]);
      const { closingKey } = this.points[index] as { closingKey: Bytes };
      keys.set(keyOf(pool, line), await ExchangeKey.of(closingKey, toBytes(secret)));
    }
    return keys;
  }

  private info(index: number, at: number): Bytes {
    const { pool, line } = this.places[index] as Handed;
    const names = [pool, line, this.rules.scrutineers[at]?.id ?? ""].map((name) => lp(utf8(name)));
    return join(tag("blindballot-share-1"), this.rules.digest, ...names);
  }

  /** Whether f(i)·G = s·G + i·(a·G). */
  private fits(index: number, at: number, share: Bytes): boolean {
    const { commitment, closing } = this.points[index] as { commitment: Point; closing: Point };
    const number = toNumber(share);
    if (share.length !== shareSize || number === 0n || number >= order) return false;
    return isSame(multiply(number, base), add(closing, multiply(BigInt(at + 1), commitment)));
  }
}

/** f(0) of the line through two points with different x: Lagrange's formula. */
export function interpolate([i, one]: [number, bigint], [j, other]: [number, bigint]): bigint {
  const across = (BigInt(j - i) + order) % order;
  const value = (BigInt(j) * one - BigInt(i) * other) * invert(across);
  return ((value % order) + order) % order;
}
