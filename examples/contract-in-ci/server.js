/** The gateway behind Fastify. `npm start` listens on PORT with the keys in ./keys, which the first start makes. */
import Fastify from "fastify";
import { BODY_LIMIT, Gateway } from "./gateway.js";
import { developmentKeys } from "./keys.js";

/** Listens on 127.0.0.1, and resolves to the address and a function that ends it. */
export async function startServer(gateway, port = 0) {
  const app = Fastify({ bodyLimit: BODY_LIMIT });
  // A signature is over the bytes as they came. No parser may touch them, whatever their media type.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "buffer" }, (_request, bytes, done) => done(null, bytes));

  const messageOf = ({ method, raw, headers, body }) => ({
    method,
    path: raw.url,
    headers,
    bytes: body ?? Buffer.alloc(0),
  });
  const send = (reply, { status, headers, body }) => reply.code(status).headers(headers).send(body);
  const handle = (request, reply) => send(reply, gateway.answer(messageOf(request)));
  app.all("/*", handle);
  app.setNotFoundHandler(handle);
  // What the framework refuses by itself is refused in the API's form too.
  app.setErrorHandler(({ code }, request, reply) => {
    const mediaType = code === "FST_ERR_CTP_INVALID_MEDIA_TYPE";
    const resultCode = mediaType ? "MEDIA_TYPE_NOT_ACCEPTABLE" : "PARAM_ILLEGAL";
    return send(reply, gateway.refuse(messageOf(request), resultCode, "The body cannot be read."));
  });
  const url = await app.listen({ port, host: "127.0.0.1" });
  return { url, close: () => app.close() };
}

if (import.meta.main ?? process.argv[1] === import.meta.filename) {
  const { gatewayOptions } = developmentKeys("keys");
  const { url } = await startServer(new Gateway(gatewayOptions), Number(process.env.PORT ?? 8080));
  console.log(`Listening on ${url}; a merchant's credentials are in keys/credentials.json.`);
}
