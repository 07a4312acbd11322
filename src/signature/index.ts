export { type Evidence, findMistake, type Mistake } from "./diagnosis/diagnose-signature.ts";
export { importKeyring, type Keyring, MISFIT, readSignature, verifyHeader } from "./keyring.ts";
export type { CryptoKey } from "./keys/crypto-key.ts";
export {
  generateKeyPair,
  importPrivateKey,
  importPublicKey,
  type KeyInput,
  type KeyPairText,
  publicKeyOf,
  sameKey,
  toPem,
  toPkcs8,
} from "./keys/import-keys.ts";
export { sign, verify } from "./sign.ts";
export {
  type FaultySignatureHeader,
  formatSignatureHeader,
  isFault,
  parseSignatureHeader,
  type SignatureHeader,
  type SignatureHeaderFault,
} from "./signature-header.ts";
export { headOfText, type SignedMessage, textToSign } from "./string-to-sign.ts";
