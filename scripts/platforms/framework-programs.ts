/** Starts the receiver as the guide on notifications describes it. */
const RECEIVER = `
import { createNotificationReceiver } from "antom-vault/notification";
import { toNodeHandler } from "antom-vault/notification/node";
const { clientId, antomPublicKey } = JSON.parse(process.env.INPUT).credentials;
const receive = createNotificationReceiver({ clientId, antomPublicKey, onVaulting: () => {}, onRejected: () => {} });
const handle = toNodeHandler(receive);
const port = Number(process.env.PORT);
const started = () => console.log("started");
`;

const EXPRESS = `
const app = express();
app.post("/antom/notifications", express.raw({ type: "application/json" }), handle);
app.use(express.json());
app.listen(port, "127.0.0.1", started);
`;

/** Servers that receive notifications with each framework, and print a line once they listen. */
export const FRAMEWORK_PROGRAMS: Readonly<Record<string, string>> = {
  "Express 4": `import express from "express-4";${RECEIVER}${EXPRESS}`,
  "Express 5": `import express from "express";${RECEIVER}${EXPRESS}`,
  "Fastify 5": `import Fastify from "fastify";${RECEIVER}
const app = Fastify();
app.register(async (scope) => {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser("*", (_request, _payload, done) => done(null));
  scope.post("/antom/notifications", (request, reply) => {
    reply.hijack();
    return handle(request.raw, reply.raw);
  });
});
await app.listen({ port, host: "127.0.0.1" });
started();`,
  "Koa 3": `import Koa from "koa";${RECEIVER}
const app = new Koa();
app.use(async (context, next) => {
  if (context.path !== "/antom/notifications") return next();
  context.respond = false;
  await handle(context.req, context.res);
});
app.listen(port, "127.0.0.1", started);`,
  "Hono 4": `import { serve } from "@hono/node-server";
import { Hono } from "hono";${RECEIVER}
const app = new Hono();
app.post("/antom/notifications", (context) => receive(context.req.raw));
serve({ fetch: app.fetch, port, hostname: "127.0.0.1" }, started);`,
};
