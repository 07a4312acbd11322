import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import * as messages from "../testing/messages/client-messages.ts";
import {
  catchError,
  type ScriptedResponse,
  startScriptedGateway,
  type WireResponse,
} from "../testing/servers/scripted-gateway.ts";

let alter: ScriptedResponse["alter"] & {} = (wireResponse) => wireResponse;
const gateway = await startScriptedGateway(() => ({
  body: messages.vaultedResponse,
  alter: (wireResponse) => alter(wireResponse),
}));
const client = gateway.client({ retry: false });
afterAll(() => gateway[Symbol.asyncDispose]());

const VISIBLE = { min: 0x21, max: 0x7e };

/** Replaces a character after the last occurrence of `from` with a different character. */
function replaceCharacter(text: string, from: string, position: number, code: number): string {
  const start = text.lastIndexOf(from) + from.length;
  const at = start + (position % (text.length - start));
  const replacement = text.charCodeAt(at) === code ? (code === VISIBLE.max ? VISIBLE.min : code + 1) : code;
  return text.slice(0, at) + String.fromCharCode(replacement) + text.slice(at + 1);
}

const changeHeader =
  (name: string, from: string) =>
  (position: number, code: number) =>
  ({ headers, ...rest }: WireResponse): WireResponse => ({
    ...rest,
    headers: { ...headers, [name]: replaceCharacter(headers[name] ?? "", from, position, code) },
  });

const changeBody =
  (position: number, code: number) =>
  ({ body, ...rest }: WireResponse): WireResponse => {
    const changed = Uint8Array.from(body);
    const at = position % changed.length;
    changed[at] = (changed[at] ?? 0) ^ code;
    return { ...rest, body: changed };
  };

test("the client accepts the unchanged response", async () => {
  expect(await client.vaultPaymentMethod(messages.vaultRequest)).toHaveProperty("outcome", "vaulted");
});

test.each([
  ["the body", changeBody],
  ["the response-time header", changeHeader("response-time", "")],
  ["the client-id header", changeHeader("client-id", "")],
  ["the signature", changeHeader("signature", "signature=")],
])("the client rejects a change to any byte of %s", async (_, change) => {
  await fc.assert(
    fc.asyncProperty(fc.nat(), fc.integer(VISIBLE), async (position, code) => {
      alter = change(position, code);
      const error = await catchError(client.vaultPaymentMethod(messages.vaultRequest));
      expect(error.code).toBe("SIGNATURE_INVALID");
    }),
    { numRuns: 50 },
  );
});
