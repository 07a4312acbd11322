/** Creates the typed openapi-fetch client, which sends its requests through the signed fetch. */
import type { Client } from "openapi-fetch";
import type { paths } from "../../generated/types.ts";
import { logCall } from "./call-log.ts";
import type { SignedFetch } from "./send-with-retries.ts";
import type { Settings } from "./settings.ts";

type FetchClient = Client<paths, "application/json">;

/** An [openapi-fetch](https://openapi-ts.dev/openapi-fetch/) client of the Vault API with only the POST method, typed from the OpenAPI document. */
export type RawClient = Pick<Client<paths, "application/json">, "POST">;

/** Creates a client that loads openapi-fetch on the first call, because most programs never use the raw client. */
export function createRawClient(settings: Settings, signedFetch: SignedFetch): RawClient {
  let client: Promise<FetchClient> | undefined;
  const post = async (...[path, init]: Parameters<FetchClient["POST"]>): Promise<unknown> => {
    client ??= createClient(settings, signedFetch);
    // The caller might change the body while openapi-fetch loads.
    const call = { ...init, body: structuredClone(init.body) };
    return (await client).POST(path, call);
  };
  // TypeScript cannot express the type of a function that forwards its arguments to a generic method.
  return { POST: post as FetchClient["POST"] };
}

async function createClient({ baseUrl, timeoutMs, log }: Settings, signedFetch: SignedFetch): Promise<FetchClient> {
  const { default: createFetchClient } = await import("openapi-fetch");
  return createFetchClient<paths, "application/json">({
    baseUrl,
    fetch: async (request) => {
      const url = new URL(request.url);
      const operation = url.pathname.slice(url.pathname.lastIndexOf("/") + 1);
      const { bytes, headers } = await logCall(log, operation, (logStep) =>
        signedFetch({
          url,
          headers: request.headers,
          body: request.arrayBuffer().then((buffer) => new Uint8Array(buffer)),
          timeoutMs,
          signal: request.signal,
          logStep,
        }),
      );
      return new Response(bytes, { status: 200, headers: pickHeaders(headers) });
    },
  });
}

/** Returns the verified headers and the Content-Type. */
function pickHeaders(headers: Headers): Headers {
  const picked = new Headers();
  for (const name of ["client-id", "response-time", "signature", "content-type"]) {
    const value = headers.get(name);
    if (value !== null) picked.set(name, value);
  }
  return picked;
}
