/** Runs the gateway behind Fastify. `npm start` listens on PORT with the keys in ./keys, which it creates on the first start. */
import Fastify from "fastify";
import { BODY_LIMIT, Gateway } from "./gateway.js";
import { loadKeys } from "./keys.js";

/** Starts the server on 127.0.0.1. Resolves to its URL and a function that stops it. */
export async function startServer(gateway, port = 0) {
  const app = Fastify({ bodyLimit: BODY_LIMIT });
  // The signature covers the raw bytes, so no parser may change them.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "buffer" }, (_request, bytes, done) => done(null, bytes));

  const toMessage = ({ method, raw, headers, body }) => ({
    method,
    path: raw.url,
    // Node's headers contain only the first of several Content-Type lines.
    headers: { ...headers, "content-type": raw.headersDistinct["content-type"]?.join(", ") },
    bytes: body ?? Buffer.alloc(0),
  });
  const send = (reply, { status, headers, body }) => reply.code(status).headers(headers).send(body);
  const handle = (request, reply) => send(reply, gateway.handle(toMessage(request)));
  app.all("/*", handle);
  app.setNotFoundHandler(handle);
  // Requests that the framework rejects also need a response in the API's format.
  app.setErrorHandler(({ code }, request, reply) => {
    const isMediaTypeError = code === "FST_ERR_CTP_INVALID_MEDIA_TYPE";
    const resultCode = isMediaTypeError ? "MEDIA_TYPE_NOT_ACCEPTABLE" : "PARAM_ILLEGAL";
    return send(reply, gateway.reject(toMessage(request), resultCode, "The body cannot be parsed."));
  });
  const url = await app.listen({ port, host: "127.0.0.1" });
  return { url, close: () => app.close() };
}

if (import.meta.main ?? process.argv[1] === import.meta.filename) {
  const { gatewayOptions } = loadKeys("keys");
  const { url } = await startServer(new Gateway(gatewayOptions), Number(process.env.PORT ?? 8080));
  console.log(`Listening on ${url}. The merchant's credentials are in keys/credentials.json.`);
}
