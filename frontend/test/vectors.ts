// The shared vectors as the tests of every program read them. Tests run in frontend/.
import { readFileSync } from "node:fs";
import type { Bytes } from "../shared/bytes";

export interface Token {
  issuer: string;
  prefix: string;
  pss_salt: string;
  inverse: string;
  blinded: string;
  blind_signature: string;
  token: string;
}

export interface SlipVector {
  serial: string;
  tokens: Token[];
  marks: string;
  salt: string;
  commitment: string;
  seal_info: string;
  sealed: string;
  sealed_hash: string;
  body: string;
  signature: string;
  name: string;
  acknowledgement_message: string;
  acknowledgement: string;
  board: string;
  serial_key: JsonWebKey;
  slip: {
    pool: string;
    line: string;
    serial: string;
    tokens: string[];
    version: number;
    commitment: string;
    signature: string;
    sealed: string;
  };
}

export interface Vectors {
  manifest: string;
  fingerprint: string;
  acknowledgement_private_key: string;
  pools: {
    pool: string;
    closing_keys: { [line: string]: JsonWebKey };
    issuer_keys: { line: string; issuer: string; p: string; q: string }[];
    key_document: string;
    key_document_index: number;
    key_document_path: string[];
  }[];
  slips: SlipVector[];
  board_root: string;
  board_paths: string[][];
  merkle: { leaves: string[]; root: string }[];
}

export const read = (name: string): unknown => JSON.parse(readFileSync(`../tests/vectors/${name}.json`, "utf8"));

export const vectors = read("blindballot-1") as Vectors;

export const fromHex = (text: string): Bytes => new Uint8Array(Buffer.from(text, "hex"));

/** Slips that were opened, and the code they make. */
export const sealVectors = read("sealcode-1") as {
  slips: { opened: string; closing_key: string; sealed: string; commitment: string; item: string }[];
  fingerprint: string;
  digest: string;
  letters: string;
  code: string;
  names: string[];
  where: string;
};
