export {
  type DiagnosedSignature,
  diagnoseSignature,
  findSignatureProblem,
  type SignatureEvidence,
  type SignatureProblem,
} from "./diagnosis/diagnose-signature.ts";
export { findSignatureError, SIGNATURE_MISMATCH, selectKey } from "./find-signature-error.ts";
export { importKeyring, type Keyring } from "./keyring.ts";
export type { CryptoKey } from "./keys/crypto-key.ts";
export {
  derivePublicKey,
  exportPublicPem,
  generateKeyPair,
  importPrivateKey,
  importPublicKey,
  isSameKey,
  type KeyInput,
  type KeyObjectLike,
  type KeyPairText,
  toPkcs8,
} from "./keys/import-keys.ts";
export { sign, verify } from "./sign.ts";
export {
  formatSignatureHeader,
  type InvalidHeaderReason,
  type InvalidSignatureHeader,
  isInvalidHeader,
  parseSignatureHeader,
  type SignatureHeader,
} from "./signature-header.ts";
export { type SignedMessage, stringToSign, stringToSignPrefix } from "./string-to-sign.ts";
