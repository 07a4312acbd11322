export type { CryptoKey } from "./crypto-key.ts";
export { type Evidence, findMistake, type Mistake } from "./diagnose.ts";
export {
  type FaultySignatureHeader,
  formatSignatureHeader,
  isFault,
  parseSignatureHeader,
  type SignatureHeader,
  type SignatureHeaderFault,
} from "./header.ts";
export { importKeyring, type Keyring, MISFIT, readSignature, verifyHeader } from "./keyring.ts";
export {
  generateKeyPair,
  importPrivateKey,
  importPublicKey,
  type KeyInput,
  type KeyPairText,
  publicKeyOf,
  sameKey,
  toPem,
} from "./keys.ts";
export { sign, verify } from "./sign.ts";
export { headOfText, type SignedMessage, textToSign } from "./text-to-sign.ts";
