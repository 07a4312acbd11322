/** Sends mutants to a server and checks its responses. @module */
import { strictResponseValidators } from "../../../generated/operation-validators.ts";
import { validateNotificationRejection, validateVaultingAcknowledgement } from "../../../generated/validators.js";
import type { Credentials } from "../../gateway/index.ts";
import { findSignatureError, importKeyring, type Keyring } from "../../signature/index.ts";
import { startNodeServer } from "../servers/node-server.ts";
import { createMutant, createRandom, type Mutant } from "./mutants.ts";
import { createRawMerchant, openRawConnection, type RawResponse } from "./raw-merchant.ts";

export interface MutationReport {
  readonly sent: number;
  readonly seconds: number;
  /** The number of responses by result code, or by HTTP status if there is no result code. */
  readonly codes: Readonly<Record<string, number>>;
  readonly violations: readonly string[];
  readonly notifications: number;
}

/** The statuses with which Node's HTTP server rejects a request. */
const PARSER_STATUSES: ReadonlySet<number> = new Set([400, 408, 413, 417, 431]);

const ACKNOWLEDGEMENT = JSON.stringify({
  result: { resultCode: "SUCCESS", resultStatus: "S", resultMessage: "success" },
});

/** The HTTP statuses with which the recording proxy rejects requests from web pages (403) and requests for unknown paths (404). */
export const RECORDER_STATUSES: readonly number[] = [403, 404];

export interface MutationOptions {
  readonly count: number;
  readonly seed: number;
  readonly connections?: number;
  /** The path of a notification receiver. If it is set, the mutants are notifications. */
  readonly receiverPath?: string | undefined;
  /** The HTTP statuses with which a proxy rejects requests without forwarding them. */
  readonly proxyStatuses?: readonly number[] | undefined;
  /** The time at which to stop, in milliseconds as returned by `performance.now()`. */
  readonly deadline?: number;
}

export async function sendMutants(
  credentials: Credentials,
  { count, seed, connections = 8, receiverPath, proxyStatuses = [], deadline = Infinity }: MutationOptions,
): Promise<MutationReport> {
  const merchant = await createRawMerchant(credentials);
  const keys = await importKeyring(credentials.antomPublicKey, "gateway");
  let notifications = 0;
  await using listener = await startNodeServer((request, response) => {
    notifications += 1;
    request.resume();
    response.writeHead(200, { "content-type": "application/json; charset=UTF-8" }).end(ACKNOWLEDGEMENT);
  });
  const source = { merchant, notificationUrl: `${listener.baseUrl}/notify`, idPrefix: `m${seed}`, receiverPath };
  const codes: Record<string, number> = {};
  const violations: string[] = [];
  const started = performance.now();
  let next = 0;
  const sendUntilDone = async () => {
    let connection = await openRawConnection(credentials.baseUrl);
    while (next < count && performance.now() < deadline) {
      const number = next++;
      const mutant = createMutant(createRandom(seed * 1_000_003 + number), number, source);
      if (!connection.isOpen()) connection = await openRawConnection(credentials.baseUrl);
      const response = await connection.send(mutant.bytes);
      const checked =
        receiverPath === undefined
          ? await checkResponse(mutant, response, keys, proxyStatuses)
          : checkAcknowledgement(mutant, response);
      const { code, violation = findLeak(mutant, response) } = checked;
      codes[code] = (codes[code] ?? 0) + 1;
      if (violation !== undefined)
        violations.push(`mutant ${number} (${mutant.operation}: ${mutant.notes.join("; ")}): ${violation}`);
      // The server could parse the rest of a malformed request as the next request.
      if (mutant.mayBreakHttp) {
        connection.close();
        connection = await openRawConnection(credentials.baseUrl);
      }
    }
    connection.close();
  };
  await Promise.all(Array.from({ length: connections }, sendUntilDone));
  return {
    sent: next,
    seconds: (performance.now() - started) / 1000,
    codes,
    violations,
    notifications,
  };
}

interface CheckedResponse {
  readonly code: string;
  readonly violation?: string;
}

async function checkResponse(
  mutant: Mutant,
  response: RawResponse,
  keys: Keyring,
  proxyStatuses: readonly number[],
): Promise<CheckedResponse> {
  const { status, headers, body } = response;
  if (status !== 200) {
    const code = `HTTP ${status}`;
    const isDocumented = proxyStatuses.includes(status) || (mutant.mayBreakHttp && PARSER_STATUSES.has(status));
    return isDocumented ? { code } : { code, violation: `HTTP status ${status}` };
  }
  if (headers.get("content-type") !== "application/json; charset=UTF-8")
    return { code: "?", violation: "unexpected media type" };
  let parsed: unknown;
  try {
    parsed = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch {
    return { code: "?", violation: "not JSON" };
  }
  if (!strictResponseValidators[mutant.operation](parsed).valid)
    return { code: "?", violation: `does not match the OpenAPI document: ${body.toString().slice(0, 300)}` };
  const { resultCode: code, resultStatus } = (
    parsed as { readonly result: { readonly resultCode: string; readonly resultStatus: string } }
  ).result;
  if (code === "UNKNOWN_EXCEPTION" && !mutant.mayBreakHttp) return { code, violation: "internal error" };
  const violation =
    (await findSignatureViolation(mutant, response, code, keys)) ??
    (resultStatus === "" ? "empty resultStatus" : undefined);
  return violation === undefined ? { code } : { code, violation };
}

function checkAcknowledgement({ mayBreakHttp, signature }: Mutant, { status, body }: RawResponse): CheckedResponse {
  const code = `HTTP ${status}`;
  if (mayBreakHttp && PARSER_STATUSES.has(status)) return { code };
  if (![200, 400, 401, 405, 413, 415].includes(status)) return { code, violation: code };
  let parsed: unknown;
  try {
    parsed = JSON.parse(body.toString());
  } catch {
    return { code, violation: "not JSON" };
  }
  const { valid } = status === 200 ? validateVaultingAcknowledgement(parsed) : validateNotificationRejection(parsed);
  if (!valid) return { code, violation: "does not match the OpenAPI document" };
  if (status === 200 && signature === "invalid") return { code, violation: "an invalid signature was accepted" };
  return status === 401 && signature === "valid" ? { code, violation: "a valid signature was rejected" } : { code };
}

/** Returns a violation if the response contains the card number of the request. */
function findLeak({ bytes }: Mutant, { body }: RawResponse): string | undefined {
  const number = /"cardNo":"(\d{12,19})"/.exec(bytes.toString("latin1"))?.[1];
  return number !== undefined && body.includes(number) ? "contains the card number" : undefined;
}

async function findSignatureViolation(
  { signature: validity, bytes }: Mutant,
  { headers, body }: RawResponse,
  code: string,
  keys: Keyring,
): Promise<string | undefined> {
  const signature = headers.get("signature") ?? null;
  if (code === "INVALID_SIGNATURE") {
    if (signature !== null || headers.has("response-time"))
      return "the response to a request with an invalid signature has a Signature or a Response-Time header";
    return validity === "valid" ? "a valid signature was rejected" : undefined;
  }
  if (validity === "invalid") return `the response to a request with an invalid signature has the result code ${code}`;
  const target = bytes.toString("latin1", 0, bytes.indexOf("\r\n")).split(" ")[1] ?? "";
  // If the request target is an absolute URL, the signature covers only its path.
  const path = target.replace(/^https?:\/\/[^/]+/i, "");
  const message = {
    path,
    clientId: headers.get("client-id") ?? "",
    time: headers.get("response-time") ?? "",
    body: new Uint8Array(body),
  };
  const reason = await findSignatureError(keys, message, signature);
  return reason === undefined ? undefined : `response signature: ${reason}`;
}
