/** Tests the receiver in frameworks that use Node's `http`, with their body parsers and routers. */
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { setTimeout } from "node:timers/promises";
import { NestFactory } from "@nestjs/core";
import express, { type RequestHandler } from "express";
import Fastify from "fastify";
import Koa from "koa";
import { describe, expect, test } from "vitest";
import { startNodeServer } from "../testing/servers/node-server.ts";
import {
  CLIENT_ID,
  createSignedHeaders,
  createTestReceiver,
  expectAcknowledged,
  expectRejected,
  PATH,
  TIME,
  VAULTED_BODY,
} from "../testing/servers/notification-receiver.ts";
import { toNodeHandler } from "./node.ts";

type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;
/** Creates an application of a framework that calls the handler. */
type Application = (handle: Handler) => RequestListener | Promise<RequestListener>;

interface SentNotification {
  readonly path?: string;
  readonly body?: string;
  /** The signed body, if it differs from the one that is sent. */
  readonly signed?: string;
  readonly options?: object;
}

/** Sends a notification to an application. */
async function send(
  application: Application,
  { path = PATH, body = VAULTED_BODY, signed = body, options = {} }: SentNotification = {},
) {
  const { receive, ...received } = createTestReceiver(options);
  await using server = await startNodeServer(await application(toNodeHandler(receive)));
  const headers = await createSignedHeaders({ path, clientId: CLIENT_ID, time: TIME, body: signed });
  const response = await fetch(server.baseUrl + path, { method: "POST", headers, body });
  const { status } = response;
  const bufferedResponse = new Response(await response.text(), { status, headers: response.headers });
  return { response: bufferedResponse, ...received };
}

/** Creates an Express application with middleware before the handler. */
const expressWith =
  (...middleware: readonly RequestHandler[]): Application =>
  (handle) =>
    express().post(PATH, ...middleware, handle);

const raw = express.raw({ type: "application/json" });

class AppModule {}

const nest: Application = async (handle) => {
  const app = await NestFactory.create(AppModule, { logger: false });
  app.use(PATH, handle);
  await app.init();
  // Nest does not type its HTTP server. Without an adapter, it is Express.
  return app.getHttpAdapter().getInstance() as RequestListener;
};

const fastify =
  (parser: "none" | "default"): Application =>
  async (handle) => {
    const app = Fastify();
    if (parser === "none") {
      app.removeAllContentTypeParsers();
      app.addContentTypeParser("*", (_request, _payload, done) => done(null));
    }
    app.post(PATH, (request, reply) => {
      reply.hijack();
      return handle(request.raw, reply.raw);
    });
    await app.ready();
    return (request, response) => app.routing(request, response);
  };

const koa =
  (before?: Koa.Middleware): Application =>
  (handle) => {
    const app = new Koa();
    if (before) app.use(before);
    app.use(async (context) => {
      context.respond = false;
      await handle(context.req, context.res);
    });
    return app.callback();
  };

describe.each<[string, Application]>([
  ["Express", expressWith(raw)],
  ["Express without a parser", expressWith()],
  ["Fastify", fastify("none")],
  ["Koa", koa()],
  ["NestJS", nest],
])("toNodeHandler in %s", (_, application) => {
  test("acknowledges a signed notification", async () => {
    const { response, events } = await send(application);
    await expectAcknowledged(response);
    expect(events).toHaveLength(1);
  });

  test("rejects a notification that was changed after signing", async () => {
    const { response, events } = await send(application, { body: `${VAULTED_BODY} `, signed: VAULTED_BODY });
    await expectRejected(response, 401, "INVALID_SIGNATURE");
    expect(events).toEqual([]);
  });
});

describe("toNodeHandler behind a body parser", () => {
  test("accepts bytes within a larger buffer", async () => {
    const { response } = await send(
      expressWith(raw, (request, _, next) => {
        const bytes: Buffer = request.body;
        request.body = Buffer.concat([Buffer.from("before"), bytes, Buffer.from("after")]).subarray(
          6,
          6 + bytes.length,
        );
        next();
      }),
    );
    await expectAcknowledged(response);
  });

  test("accepts a string from express.text", async () => {
    const body = VAULTED_BODY.replace("c-17", "王小明");
    const { response } = await send(expressWith(express.text({ type: "application/json" })), { body });
    await expectAcknowledged(response);
  });

  test("rejects bytes over the limit", async () => {
    const { response } = await send(expressWith(raw), { body: VAULTED_BODY.padEnd(65_537) });
    await expectRejected(response, 413, "PARAM_ILLEGAL");
  });

  const withParsedBody = (body: unknown) =>
    expressWith(raw, (request, _, next) => {
      request.body = body;
      next();
    });
  test.each<[string, Application]>([
    ["an object from express.json", expressWith(express.json())],
    ["an object from Fastify's default parser", fastify("default")],
    ["undefined", withParsedBody(undefined)],
    ["null", withParsedBody(null)],
  ])("rejects %s and explains how to keep the raw body", async (_, application) => {
    const { response, events, rejections } = await send(application);
    const message = await expectRejected(response, 500, "PROCESS_FAIL");
    expect(message).toMatch(/body was read before the receiver was called.*express\.raw/);
    expect(rejections).toMatchObject([{ code: "BODY_ALREADY_PARSED" }]);
    expect(events).toEqual([]);
  });

  test.each<[string, RequestHandler]>([
    ["a parser for a different media type", express.urlencoded()],
    // Express 4 is not installed, so a middleware imitates its parsers.
    [
      "an Express 4 parser that skips the body and sets an empty object",
      (request, _, next) => {
        request.body = {};
        next();
      },
    ],
  ])("accepts the unread body after %s", async (_, middleware) => {
    await expectAcknowledged((await send(expressWith(middleware))).response);
  });
});

describe("a path that a router rewrote", () => {
  test("is read from originalUrl in a mounted Express router", async () => {
    const application: Application = (handle) =>
      express().use("/antom", express.Router().use("/vaulting-notifications", handle));
    await expectAcknowledged((await send(application, { path: `${PATH}?shop=7` })).response);
  });

  test("requires the path option in Koa, which does not set originalUrl", async () => {
    const application = koa((context, next) => {
      context.url = "/rewritten";
      return next();
    });
    await expectRejected((await send(application)).response, 401, "INVALID_SIGNATURE");
    await expectAcknowledged((await send(application, { options: { path: PATH } })).response);
  });
});

describe("a response from a middleware", () => {
  test("is kept if it was sent before the handler runs", async () => {
    const { response } = await send(
      expressWith((_, response, next) => {
        response.writeHead(503).end("closed");
        next();
      }),
    );
    expect([response.status, await response.text()]).toEqual([503, "closed"]);
  });

  test("is kept if it is sent while the handler runs", async () => {
    const { response } = await send(
      expressWith((_, response, next) => {
        void setTimeout(10).then(() => response.writeHead(503).end("too slow"));
        next();
      }),
      { options: { onVaulting: async () => void (await setTimeout(50)) } },
    );
    expect([response.status, await response.text()]).toEqual([503, "too slow"]);
  });
});
