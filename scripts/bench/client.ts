/** Compares the client with `fetch` and manual signing and verification, to measure the overhead of the client's checks, limits, and retries. */
import { createVaultClient } from "../../src/index.ts";
import type { Credentials } from "../../src/sandbox/index.ts";
import {
  formatSignatureHeader,
  importPrivateKey,
  importPublicKey,
  isInvalidHeader,
  parseSignatureHeader,
  sign,
  verify,
} from "../../src/signature/index.ts";
import { createVaultRequest } from "./vault-request.ts";

export interface ClientOptions extends Credentials {
  readonly rounds: number;
  /** The number of calls of each kind in a round. */
  readonly calls: number;
}

/** The time of the client's calls divided by the time of the `fetch` calls, for each round. */
export interface ClientReport {
  readonly wall: readonly number[];
  readonly cpu: readonly number[];
}

const { rounds, calls, ...credentials } = JSON.parse(process.argv[2] ?? "{}") as ClientOptions;
const { baseUrl, clientId } = credentials;
const path = "/ams/sandbox/api/v1/vaults/vaultPaymentMethod";
const privateKey = await importPrivateKey(credentials.merchantPrivateKey);
const publicKey = await importPublicKey(credentials.antomPublicKey);

const createRequest = (id: number) => createVaultRequest(`client-${id}`, "http://127.0.0.1:9/none");

/** Sends a request with only the signing and verification that the protocol requires. */
async function callBare(id: number): Promise<boolean> {
  const body = JSON.stringify(createRequest(id));
  const time = String(Date.now());
  const signature = await sign({ path, clientId, time, body }, privateKey);
  const response = await fetch(baseUrl + path, {
    method: "POST",
    headers: {
      "Content-Type": "application/json; charset=UTF-8",
      "Client-Id": clientId,
      "Request-Time": time,
      Signature: formatSignatureHeader(signature, 1),
    },
    body,
  });
  const bytes = new Uint8Array(await response.arrayBuffer());
  const header = parseSignatureHeader(response.headers.get("signature"));
  if (isInvalidHeader(header)) return false;
  const message = { path, clientId, time: response.headers.get("response-time") ?? "", body: bytes };
  if (!(await verify(message, header.signature, publicKey))) return false;
  const parsed = JSON.parse(new TextDecoder().decode(bytes)) as { readonly result: { readonly resultCode: string } };
  return parsed.result.resultCode === "SUCCESS";
}

const client = createVaultClient(credentials);

const callClient = async (id: number): Promise<boolean> =>
  (await client.vaultPaymentMethod(createRequest(id))).outcome === "vaulted";

let nextId = 0;

/** Runs a slice of calls one after the other, and adds their wall time and CPU time in milliseconds to `cost`. */
async function addCost(cost: { wall: number; cpu: number }, call: (id: number) => Promise<boolean>): Promise<void> {
  const started = performance.now();
  const before = process.cpuUsage();
  for (let count = 0; count < SLICE_SIZE; count++) {
    if (!(await call(nextId++))) throw new Error("A call did not vault the card.");
  }
  const { user, system } = process.cpuUsage(before);
  cost.wall += performance.now() - started;
  cost.cpu += (user + system) / 1000;
}

/**
 * The number of calls of one kind before a switch to the other kind. This number is small, so that load from other programs affects both kinds
 * equally.
 */
const SLICE_SIZE = 20;

const wall: number[] = [];
const cpu: number[] = [];
// The first round warms up the JIT compiler.
for (let round = 0; round <= rounds; round++) {
  const bare = { wall: 0, cpu: 0 };
  const ours = { wall: 0, cpu: 0 };
  for (let count = 0; count < calls; count += SLICE_SIZE) {
    await addCost(bare, callBare);
    await addCost(ours, callClient);
  }
  if (round === 0) continue;
  wall.push(ours.wall / bare.wall);
  cpu.push(ours.cpu / bare.cpu);
}
process.send?.({ wall, cpu } satisfies ClientReport);
process.disconnect?.();
