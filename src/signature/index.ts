export {
  diagnoseSignature as findMistake,
  type Evidence,
  type SignatureProblem as Mistake,
} from "./diagnosis/diagnose-signature.ts";
export {
  findSignatureError as verifyHeader,
  importKeyring,
  type Keyring,
  SIGNATURE_MISMATCH as MISFIT,
  selectKey as readSignature,
} from "./keyring.ts";
export type { CryptoKey } from "./keys/crypto-key.ts";
export {
  derivePublicKey as publicKeyOf,
  generateKeyPair,
  importPrivateKey,
  importPublicKey,
  isSameKey as sameKey,
  type KeyInput,
  type KeyPairText,
  toPem,
  toPkcs8,
} from "./keys/import-keys.ts";
export { sign, verify } from "./sign.ts";
export {
  formatSignatureHeader,
  type InvalidHeaderReason as SignatureHeaderFault,
  type InvalidSignatureHeader as FaultySignatureHeader,
  isInvalidHeader as isFault,
  parseSignatureHeader,
  type SignatureHeader,
} from "./signature-header.ts";
export { type SignedMessage, stringToSign as textToSign, stringToSignPrefix as headOfText } from "./string-to-sign.ts";
