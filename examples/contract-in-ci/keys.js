/** Keys for development and for tests. In production a merchant makes its own and hands over the public one. */
import { generateKeyPairSync } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const pair = () =>
  generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });

/** Keys in a folder, made where there are none: what the gateway needs, and the file that a merchant (here the contract tests) needs. */
export function developmentKeys(folder) {
  const credentialsFile = join(folder, "credentials.json");
  const gatewayFile = join(folder, "gateway.json");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  try {
    return { credentialsFile, gatewayOptions: JSON.parse(readFileSync(gatewayFile, "utf8")) };
  } catch (error) {
    if (error.code !== "ENOENT") throw error;
  }
  const [merchant, gateway] = [pair(), pair()];
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
  write(credentialsFile, credentials);
  write(gatewayFile, gatewayOptions);
  return { credentialsFile, gatewayOptions };
}

const write = (file, value) => writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
