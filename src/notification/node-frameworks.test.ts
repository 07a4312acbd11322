/** Tests the receiver in frameworks that use Node's `http`, with their body parsers and routers. */
import type { RequestListener } from "node:http";
import { setTimeout } from "node:timers/promises";
import { Controller, Module, Post, Req, Res } from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import express, { type RequestHandler } from "express";
import Fastify, { type FastifyInstance } from "fastify";
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
import { type NodeRequest, type NodeResponse, toNodeHandler } from "./node.ts";

type Handler = ReturnType<typeof toNodeHandler>;
/** A function that creates an application with a framework. The application calls the handler. */
type Application = (handle: Handler) => RequestListener | Promise<RequestListener>;

interface SentNotification {
  readonly path?: string;
  readonly body?: string;
  /** The signed body, if it differs from the sent body. */
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

/** Stores the raw body in `rawBody` while express.json parses it: the setup that many payment providers document. */
const withRawBody = (toRawBody: (bytes: Buffer) => unknown): Application =>
  expressWith(express.json({ verify: (request, _, bytes) => Object.assign(request, { rawBody: toRawBody(bytes) }) }));

class AppModule {}

/** A NestJS application with a controller. Function calls replace the decorators, because Node.js does not support their syntax. */
const nestController: Application = async (handle) => {
  class NotificationController {
    receive(request: NodeRequest, response: NodeResponse) {
      return handle(request, response);
    }
  }
  class ControllerModule {}
  const { prototype } = NotificationController;
  Req()(prototype, "receive", 0);
  Res()(prototype, "receive", 1);
  Post()(prototype, "receive", { value: prototype.receive });
  Controller(PATH)(NotificationController);
  Module({ controllers: [NotificationController] })(ControllerModule);
  const app = await NestFactory.create(ControllerModule, { logger: false, rawBody: true });
  await app.init();
  return app.getHttpAdapter().getInstance() as RequestListener;
};

const nest: Application = async (handle) => {
  const app = await NestFactory.create(AppModule, { logger: false });
  app.use(PATH, handle);
  await app.init();
  // NestJS does not type its HTTP server. By default, the server is Express.
  return app.getHttpAdapter().getInstance() as RequestListener;
};

const fastify =
  (setUp: (app: FastifyInstance) => unknown): Application =>
  async (handle) => {
    const app = Fastify();
    setUp(app);
    app.post(PATH, handle);
    await app.ready();
    return (request, response) => app.routing(request, response);
  };

const withoutParser = (app: FastifyInstance) => {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", (_request, _payload, done) => done(null));
};

/** Keeps the bytes, as applications with several webhooks do. */
const withBuffer = (app: FastifyInstance) =>
  app.addContentTypeParser("application/json", { parseAs: "buffer" }, (_, body, done) => done(null, body));

/** Parses the body and keeps the bytes in rawBody, as NestJS does with Fastify. */
const withFastifyRawBody = (app: FastifyInstance) =>
  app.addContentTypeParser("application/json", { parseAs: "buffer" }, (request, body, done) => {
    Object.assign(request, { rawBody: body });
    done(null, JSON.parse(String(body)));
  });

/** A Fastify application that calls the handler with Node's request and response. */
const fastifyMessages: Application = async (handle) => {
  const app = Fastify();
  withoutParser(app);
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
  ["Express with express.json and a rawBody of bytes", withRawBody((bytes) => bytes)],
  ["Express with express.json and a rawBody of text", withRawBody(String)],
  ["Fastify without a parser", fastify(withoutParser)],
  ["Fastify with a hijacked reply", fastifyMessages],
  ["Fastify with a parser that keeps the bytes", fastify(withBuffer)],
  ["Fastify with a rawBody", fastify(withFastifyRawBody)],
  ["Koa", koa()],
  ["NestJS with middleware", nest],
  ["NestJS with a controller and rawBody", nestController],
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
    ["an object from Fastify's default parser", fastify(() => {})],
    ["a rawBody that is not raw", withRawBody((bytes) => JSON.parse(String(bytes)))],
    ["a body that is undefined", withParsedBody(undefined)],
    ["a body that is null", withParsedBody(null)],
  ])("rejects %s and explains how to keep the raw body", async (_, application) => {
    const { response, events, rejections } = await send(application);
    const message = await expectRejected(response, 500, "PROCESS_FAIL");
    expect(message).toMatch(/body was read before the receiver was called.*express\.raw/);
    expect(rejections).toMatchObject([{ code: "BODY_ALREADY_PARSED" }]);
    expect(events).toEqual([]);
  });

  test.each<[string, RequestHandler]>([
    ["a parser for a different media type", express.urlencoded()],
    // Express 4 is not installed, so middleware imitates its parsers.
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

describe("the signed path, if a router rewrites the path,", () => {
  test("is read from originalUrl in a mounted Express router", async () => {
    const application: Application = (handle) =>
      express().use("/antom", express.Router().use("/vaulting-notifications", handle));
    await expectAcknowledged((await send(application, { path: `${PATH}?shop=7` })).response);
  });

  test("must be set with the path option in Koa, which does not set originalUrl on Node's request", async () => {
    const application = koa((context, next) => {
      context.url = "/rewritten";
      return next();
    });
    await expectRejected((await send(application)).response, 401, "INVALID_SIGNATURE");
    await expectAcknowledged((await send(application, { options: { path: PATH } })).response);
  });
});

describe("a response from middleware", () => {
  test("is kept if it is sent before the handler runs", async () => {
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
