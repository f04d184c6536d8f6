// The curve P-256 on the browser's own big numbers: what WebCrypto does not do, which is adding points and multiplying
// one that nobody has a key for. It does not hide its time: public numbers and published keys come here, and a
// scrutineer's own keys and shares on the scrutineer's own device.
import { type Bytes, hex, join } from "../shared/bytes";

/** A point that is not at infinity; null is the one at infinity. */
export interface Point {
  x: bigint;
  y: bigint;
}

const p = 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn;
const b = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn;
export const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
export const base: Point = {
  x: 0x6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296n,
  y: 0x4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5n,
};

export function toNumber(bytes: Uint8Array): bigint {
  return BigInt(`0x${hex(bytes) || "0"}`);
}

/** 32 bytes, big-endian. */
export function toBytes(value: bigint): Bytes {
  const digits = value.toString(16).padStart(64, "0");
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

/** The point of 65 uncompressed bytes, or null if they are none. */
export function readPoint(bytes: Bytes): Point | null {
  if (bytes.length !== 65 || bytes[0] !== 4) return null;
  const [x, y] = [toNumber(bytes.subarray(1, 33)), toNumber(bytes.subarray(33))];
  if (x >= p || y >= p || (y * y - (x * x * x - 3n * x + b)) % p !== 0n) return null;
  return { x, y };
}

export function writePoint({ x, y }: Point): Bytes {
  return join(Uint8Array.of(4), toBytes(x), toBytes(y));
}

export function isSame(one: Point | null, other: Point | null): boolean {
  return one === other || (one !== null && other !== null && one.x === other.x && one.y === other.y);
}

function reduced(value: bigint): bigint {
  const rest = value % p;
  return rest < 0n ? rest + p : rest;
}

/** In Jacobian coordinates (X / Z², Y / Z³); z is 0 at infinity. */
interface Jacobian {
  x: bigint;
  y: bigint;
  z: bigint;
}

const infinity: Jacobian = { x: 1n, y: 1n, z: 0n };

/** Doubling for a = -3, as Bernstein and Lange list it ("dbl-2001-b"). */
function double({ x, y, z }: Jacobian): Jacobian {
  if (z === 0n) return infinity;
  const [delta, gamma] = [(z * z) % p, (y * y) % p];
  const beta = (x * gamma) % p;
  const alpha = (3n * (x - delta) * (x + delta)) % p;
  const third = reduced(alpha * alpha - 8n * beta);
  return {
    x: third,
    y: reduced(alpha * (4n * beta - third) - 8n * gamma * gamma),
    z: reduced((y + z) * (y + z) - gamma - delta),
  };
}

/** The sum with a point in plain coordinates ("madd"). */
function addPlain(one: Jacobian, other: Point): Jacobian {
  if (one.z === 0n) return { ...other, z: 1n };
  const square = (one.z * one.z) % p;
  const [u, s] = [(other.x * square) % p, (other.y * square * one.z) % p];
  const [h, r] = [reduced(u - one.x), reduced(s - one.y)];
  if (h === 0n) return r === 0n ? double(one) : infinity;
  const [hh, hhh] = [(h * h) % p, (h * h * h) % p];
  const v = (one.x * hh) % p;
  const x = reduced(r * r - hhh - 2n * v);
  return { x, y: reduced(r * (v - x) - one.y * hhh), z: (one.z * h) % p };
}

function toPlain({ x, y, z }: Jacobian): Point | null {
  if (z === 0n) return null;
  const inverse = power(z, p - 2n, p);
  const square = (inverse * inverse) % p;
  return { x: (x * square) % p, y: (y * square * inverse) % p };
}

function power(value: bigint, exponent: bigint, prime: bigint): bigint {
  let result = 1n;
  for (let square = value % prime, rest = exponent; rest; rest >>= 1n, square = (square * square) % prime)
    if (rest & 1n) result = (result * square) % prime;
  return result;
}

/** What times the number, from 1 to below the order, is 1 modulo the order. */
export function invert(scalar: bigint): bigint {
  return power(scalar, order - 2n, order);
}

/** `scalar` times the point, for a scalar from 0 to below the order. */
export function multiply(scalar: bigint, point: Point): Point | null {
  let sum = infinity;
  for (const bit of scalar.toString(2)) {
    sum = double(sum);
    if (bit === "1") sum = addPlain(sum, point);
  }
  return toPlain(sum);
}

export function negate(point: Point | null): Point | null {
  return point && { x: point.x, y: p - point.y };
}

export function add(one: Point | null, other: Point | null): Point | null {
  if (!one || !other) return one ?? other;
  return toPlain(addPlain({ ...one, z: 1n }, other));
}
