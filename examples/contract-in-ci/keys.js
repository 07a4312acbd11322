/** Keys for development and tests. In production, a merchant creates its own key pair and shares only the public key. */
import { generateKeyPairSync } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const createKeyPair = () =>
  generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });

/** Returns the gateway's options and the path of the merchant's credentials file. Creates both files in the directory if gateway.json is missing. */
export function loadKeys(directory) {
  const credentialsFile = join(directory, "credentials.json");
  const gatewayFile = join(directory, "gateway.json");
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  try {
    return { credentialsFile, gatewayOptions: JSON.parse(readFileSync(gatewayFile, "utf8")) };
  } catch (error) {
    if (error.code !== "ENOENT") throw error;
  }
  const [merchant, gateway] = [createKeyPair(), createKeyPair()];
  const clientId = "MERCHANT_1";
  const gatewayOptions = {
    merchants: { [clientId]: merchant.publicKey },
    privateKey: gateway.privateKey,
    notifiableHosts: ["127.0.0.1"],
  };
  const credentials = {
    clientId,
    merchantPrivateKey: merchant.privateKey,
    antomPublicKey: gateway.publicKey,
  };
  writeJson(credentialsFile, credentials);
  writeJson(gatewayFile, gatewayOptions);
  return { credentialsFile, gatewayOptions };
}

const writeJson = (file, value) => writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
