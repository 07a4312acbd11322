/**
 * The client against a bare `fetch` that is signed and verified by hand, in turn and in a process of its own: what all the client's checks,
 * limits and retries cost on top of what no call can do without.
 */
import { createVaultClient } from "../../src/index.ts";
import {
  formatSignatureHeader,
  importPrivateKey,
  importPublicKey,
  isInvalidHeader,
  parseSignatureHeader,
  sign,
  verify,
} from "../../src/signature/index.ts";
import { vaultRequest } from "./vault-request.ts";

export interface ClientOptions {
  readonly baseUrl: string;
  readonly clientId: string;
  readonly merchantPrivateKey: string;
  readonly antomPublicKey: string;
  readonly rounds: number;
  /** How many calls a round has, of each kind. */
  readonly calls: number;
}

/** The client's time as a multiple of the bare call's, for each round. */
export interface ClientReport {
  readonly wall: readonly number[];
  readonly cpu: readonly number[];
}

const options = JSON.parse(process.argv[2] ?? "{}") as ClientOptions;
const { baseUrl, clientId } = options;
const path = "/ams/sandbox/api/v1/vaults/vaultPaymentMethod";
const privateKey = await importPrivateKey(options.merchantPrivateKey);
const publicKey = await importPublicKey(options.antomPublicKey);

const createRequest = (id: number) => vaultRequest(`client-${id}`, "http://127.0.0.1:9/none");

/** Sends a request with nothing but what the protocol wants. */
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
  const answer = JSON.parse(new TextDecoder().decode(bytes)) as { readonly result: { readonly resultCode: string } };
  return answer.result.resultCode === "SUCCESS";
}

const client = createVaultClient({
  baseUrl,
  clientId,
  merchantPrivateKey: options.merchantPrivateKey,
  antomPublicKey: options.antomPublicKey,
});

const callClient = async (id: number): Promise<boolean> =>
  (await client.vaultPaymentMethod(createRequest(id))).outcome === "vaulted";

let next = 0;

/** Adds the milliseconds of wall time and of CPU time that some calls take, one after the other. */
async function addCost(cost: { wall: number; cpu: number }, call: (id: number) => Promise<boolean>): Promise<void> {
  const started = performance.now();
  const before = process.cpuUsage();
  for (let count = 0; count < SLICE; count++) {
    if (!(await call(next++))) throw new Error("a call did not end as it should");
  }
  const { user, system } = process.cpuUsage(before);
  cost.wall += performance.now() - started;
  cost.cpu += (user + system) / 1000;
}

/** Few calls of one kind before the other's turn, so that whatever else the machine does falls on both. */
const SLICE = 20;

const wall: number[] = [];
const cpu: number[] = [];
// The first round is for the compiler.
for (let round = 0; round <= options.rounds; round++) {
  const bare = { wall: 0, cpu: 0 };
  const ours = { wall: 0, cpu: 0 };
  for (let made = 0; made < options.calls; made += SLICE) {
    await addCost(bare, callBare);
    await addCost(ours, callClient);
  }
  if (round === 0) continue;
  wall.push(ours.wall / bare.wall);
  cpu.push(ours.cpu / bare.cpu);
}
process.send?.({ wall, cpu } satisfies ClientReport);
process.disconnect?.();
