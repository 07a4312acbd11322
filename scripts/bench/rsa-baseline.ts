/**
 * Measures the CPU time of one RSA-2048 signature and one verification with Node's crypto. Each API call costs a server at least
 * this much CPU time, because the server verifies the request and signs the response.
 */
import { generateKeyPairSync, sign, verify } from "node:crypto";

const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const text = Buffer.alloc(900, "x");
const signature = sign("sha256", text, privateKey);

/** Returns the CPU time of a run in milliseconds, averaged over `count` runs. */
function measureCost(count: number, work: () => void): number {
  for (let index = 0; index < count / 10; index++) work();
  const before = process.cpuUsage();
  for (let index = 0; index < count; index++) work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / count;
}

process.send?.({
  sign: measureCost(2000, () => void sign("sha256", text, privateKey)),
  verify: measureCost(10_000, () => void verify("sha256", text, publicKey, signature)),
});
process.disconnect?.();
