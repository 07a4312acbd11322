/**
 * A faulty server: a sandbox behind a proxy that changes requests, responses, or notifications. The proxy has the keys of both sides and signs
 * changed messages, so that the change is the only fault.
 */
import type { IncomingMessage } from "node:http";
import type { ContractTarget } from "../../src/contract/index.ts";
import { importSigningKey, openCredentials } from "../../src/gateway/index.ts";
import { type StartSandboxOptions, startSandbox } from "../../src/sandbox/index.ts";
import { derivePublicKey, importKeyring } from "../../src/signature/index.ts";
import { createTemporaryDirectory } from "../../src/testing/processes/command.ts";
import { startNodeServer } from "../../src/testing/servers/node-server.ts";
import { type Call, type Context, type Handler, type HttpResponse, replaceBody } from "./http-messages.ts";
import type { Mutations } from "./mutations.ts";
import { isNotification, post, readNotification, routeThroughProxy } from "./notification-relay.ts";

/** The capabilities that the contract tests detect for a sandbox. */
export const SANDBOX_CAPABILITIES = [
  "both-base-paths",
  "state",
  "notifications",
  "clock",
  "multiple-merchants",
  "forced-results",
] as const;

/** Starts a sandbox behind a proxy that applies the given mutations until `setMutations` replaces them. */
export async function startFaultyServer(
  name: string,
  mutations: Mutations,
  options: Pick<StartSandboxOptions, "idReuse"> = {},
) {
  await using starting = new AsyncDisposableStack();
  const { path: data } = starting.use(createTemporaryDirectory());
  const { gatewayPrivateKey } = await openCredentials(data);
  const { credentials } = starting.use(await startSandbox({ ...options, data }));
  const keys = {
    gateway: await importSigningKey(gatewayPrivateKey, "gateway"),
    merchant: await importSigningKey(credentials.merchantPrivateKey, "merchant"),
    merchantKeyring: await importKeyring(await derivePublicKey(credentials.merchantPrivateKey), "merchant"),
    clientId: credentials.clientId,
  };
  const server: Handler = (call) => forward(credentials.baseUrl, call);
  const mutate = ({ handler, delivery, page }: Mutations) => {
    const context: Context = { ...keys, memory: new Set() };
    // The proxy can change pages only if the buyer opens them through it.
    const withPages: Handler = page
      ? async (call) => {
          const response = await server(call);
          const text = response.text.replaceAll(`"normalUrl":"${credentials.baseUrl}`, `"normalUrl":"${proxy.baseUrl}`);
          return text === response.text ? response : replaceBody(call, response, text, context);
        }
      : server;
    // The proxy can change notifications only if the sandbox sends them through it.
    const withRouting: Handler = delivery
      ? async (call) => withPages(await routeThroughProxy(proxy.baseUrl, call, context))
      : withPages;
    return {
      context,
      faulty: handler?.(withRouting, context) ?? withRouting,
      other: page?.(server, context) ?? server,
      deliver: delivery?.(post, context),
    };
  };
  let mutated = mutate(mutations);
  const proxy = starting.use(
    await startNodeServer(async (request, response) => {
      const call = await readCall(request);
      const { context, faulty, other, deliver } = mutated;
      try {
        const {
          status,
          headers,
          text: body,
          isChunked = false,
        } = await (deliver && isNotification(call)
          ? deliver(readNotification(call, context))
          : (/\/v1\/vaults\//i.test(call.path) ? faulty : other)(call));
        response.writeHead(status, headers);
        if (isChunked) for (const chunk of splitBytes(body, 7)) response.write(chunk);
        response.end(isChunked ? undefined : body);
      } catch {
        // The sandbox or the merchant closed the connection.
        request.socket.destroy();
      }
    }),
  );
  const started = starting.move();
  const target: ContractTarget = { ...credentials, name, baseUrl: proxy.baseUrl };
  const setMutations = (next: Mutations): void => {
    mutated = mutate(next);
  };
  return { target, setMutations, [Symbol.asyncDispose]: () => started.disposeAsync() };
}

function* splitBytes(text: string, size: number) {
  const bytes = Buffer.from(text);
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}

const NOT_FORWARDED = new Set(["host", "connection", "content-length", "transfer-encoding", "keep-alive", "date"]);
const toForwardedHeaders = (headers: Iterable<readonly [string, string]>) =>
  Object.fromEntries([...headers].filter(([name]) => !NOT_FORWARDED.has(name.toLowerCase())));

async function readCall(request: IncomingMessage): Promise<Call> {
  const headers = Object.entries(request.headersDistinct).map(
    ([name, lines = []]) => [name, lines.join(", ")] as const,
  );
  // Reads each byte as one character, because bytes that are not UTF-8 must arrive unchanged.
  const parts: string[] = await request.setEncoding("latin1").toArray();
  return {
    method: request.method ?? "",
    path: request.url ?? "",
    headers: toForwardedHeaders(headers),
    headerLines: request.headersDistinct,
    headerNames: request.rawHeaders.filter((_, index) => index % 2 === 0),
    text: parts.join(""),
    parts,
  };
}

async function forward(baseUrl: string, { method, path, headers, text: body }: Call): Promise<HttpResponse> {
  const hasBody = method !== "GET" && method !== "HEAD";
  const response = await fetch(baseUrl + path, {
    method,
    headers,
    redirect: "manual",
    ...(hasBody ? { body: Buffer.from(body, "latin1") } : {}),
  });
  return { status: response.status, headers: toForwardedHeaders(response.headers), text: await response.text() };
}
