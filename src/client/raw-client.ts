/** The typed openapi-fetch client on top of the guarded fetch. No other file loads openapi-fetch. */
import createFetchClient, { type Client } from "openapi-fetch";
import type { paths } from "../../generated/types.ts";
import type { SignedFetch } from "./send-with-retries.ts";
import type { Settings } from "./settings.ts";

export type RawClient = Client<paths, "application/json">;

export function createRawClient({ baseUrl, timeoutMs }: Settings, guardedFetch: SignedFetch): RawClient {
  return createFetchClient<paths, "application/json">({
    baseUrl,
    fetch: async (request) => {
      const { bytes, headers } = await guardedFetch({
        url: new URL(request.url),
        headers: request.headers,
        body: request.arrayBuffer().then((buffer) => new Uint8Array(buffer)),
        timeoutMs,
        signal: request.signal,
      });
      return new Response(bytes, { status: 200, headers: pickHeaders(headers) });
    },
  });
}

/** The media type, and the headers that take part in the verification. */
function pickHeaders(headers: Headers): Headers {
  const picked = new Headers();
  for (const name of ["client-id", "response-time", "signature", "content-type"]) {
    const value = headers.get(name);
    if (value !== null) picked.set(name, value);
  }
  return picked;
}
