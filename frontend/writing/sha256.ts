// SHA-256 (FIPS 180-4) in plain arithmetic. Browsers give WebCrypto to https pages only, and the village hall's machine
// may have none. For texts of at most 55 bytes, which are one block: a puzzle hashes nothing longer.

// prettier-ignore
const constants = new Int32Array([
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
  0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
  0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
  0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
  0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
  0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
  0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
  0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
]);

// prettier-ignore
const initial = new Int32Array([
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
]);

const schedule = new Int32Array(64);

/** The 64 words that the rounds add, from the 16 of the block. */
function spread(block: Int32Array): Int32Array {
  const w = schedule;
  for (let t = 0; t < 16; t++) w[t] = block[t] as number;
  for (let t = 16; t < 64; t++) {
    const x = w[t - 15] as number;
    const y = w[t - 2] as number;
    const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    w[t] = (w[t - 16] as number) + s0 + (w[t - 7] as number) + s1;
  }
  return w;
}

/** Hashes one padded block of 16 words into `out`, 8 words, which may be the block's own. */
export function hashBlock(block: Int32Array, out: Int32Array): void {
  const w = spread(block);
  const start = initial as unknown as Record<0 | 1 | 2 | 3 | 4 | 5 | 6 | 7, number>;
  let a = start[0];
  let b = start[1];
  let c = start[2];
  let d = start[3];
  let e = start[4];
  let f = start[5];
  let g = start[6];
  let h = start[7];
  for (let t = 0; t < 64; t++) {
    const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + (constants[t] as number) + (w[t] as number)) | 0;
    const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + t2) | 0;
  }
  out[0] = start[0] + a;
  out[1] = start[1] + b;
  out[2] = start[2] + c;
  out[3] = start[3] + d;
  out[4] = start[4] + e;
  out[5] = start[5] + f;
  out[6] = start[6] + g;
  out[7] = start[7] + h;
}

/** The block of at most 55 bytes, padded. */
export function blockOf(bytes: Uint8Array): Int32Array {
  if (bytes.length > 55) throw new RangeError(`${bytes.length} bytes are more than one block`);
  const block = new Int32Array(16);
  for (let place = 0; place < bytes.length; place++) put(block, place, bytes[place] as number);
  put(block, bytes.length, 0x80);
  block[15] = bytes.length * 8;
  return block;
}

function put(block: Int32Array, place: number, byte: number): void {
  block[place >> 2] = (block[place >> 2] as number) | (byte << (24 - 8 * (place & 3)));
}

/** Words as hexadecimal text. */
export function hex(words: Int32Array): string {
  let text = "";
  for (let place = 0; place < words.length; place++)
    text += `0000000${((words[place] as number) >>> 0).toString(16)}`.slice(-8);
  return text;
}
