/** The receiver in the frameworks that build on Node's `http`, and behind their body parsers and routers. */
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
/** Puts the handler into an application of a framework. */
type Application = (handle: Handler) => RequestListener | Promise<RequestListener>;

interface Sent {
  readonly path?: string;
  readonly body?: string;
  /** The signed body, if it differs from the one that is sent. */
  readonly signed?: string;
  readonly options?: object;
}

/** Sends a notification to an application. */
async function send(
  application: Application,
  { path = PATH, body = VAULTED_BODY, signed = body, options = {} }: Sent = {},
) {
  const { receive, ...seen } = createTestReceiver(options);
  await using server = await startNodeServer(await application(toNodeHandler(receive)));
  const headers = await createSignedHeaders({ path, clientId: CLIENT_ID, time: TIME, body: signed });
  const response = await fetch(server.baseUrl + path, { method: "POST", headers, body });
  const { status } = response;
  const answer = new Response(await response.text(), { status, headers: response.headers });
  return { answer, ...seen };
}

/** An Express application with this middleware in front of the handler. */
const behind =
  (...middleware: readonly RequestHandler[]): Application =>
  (handle) =>
    express().post(PATH, ...middleware, handle);

const raw = express.raw({ type: "application/json" });

class AppModule {}

const nest: Application = async (handle) => {
  const app = await NestFactory.create(AppModule, { logger: false });
  app.use(PATH, handle);
  await app.init();
  // Nest knows no type of the server below it; without an adapter it is Express.
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
  ["Express", behind(raw)],
  ["Express without a parser", behind()],
  ["Fastify", fastify("none")],
  ["Koa", koa()],
  ["NestJS", nest],
])("%s", (_, application) => {
  test("acknowledges a signed notification", async () => {
    const { answer, events } = await send(application);
    await expectAcknowledged(answer);
    expect(events).toHaveLength(1);
  });

  test("rejects a notification that was changed after signing", async () => {
    const { answer, events } = await send(application, { body: `${VAULTED_BODY} `, signed: VAULTED_BODY });
    await expectRejected(answer, 401, "INVALID_SIGNATURE");
    expect(events).toEqual([]);
  });
});

describe("a body that a parser has read", () => {
  test("as bytes in the middle of a larger buffer is used as it is", async () => {
    const { answer } = await send(
      behind(raw, (request, _, next) => {
        const bytes: Buffer = request.body;
        request.body = Buffer.concat([Buffer.from("before"), bytes, Buffer.from("after")]).subarray(
          6,
          6 + bytes.length,
        );
        next();
      }),
    );
    await expectAcknowledged(answer);
  });

  test("as text is used as it is: express.text", async () => {
    const body = VAULTED_BODY.replace("c-17", "王小明");
    const { answer } = await send(behind(express.text({ type: "application/json" })), { body });
    await expectAcknowledged(answer);
  });

  test("as bytes over the limit is refused", async () => {
    const { answer } = await send(behind(raw), { body: VAULTED_BODY.padEnd(65_537) });
    await expectRejected(answer, 413, "PARAM_ILLEGAL");
  });

  const parsedTo = (body: unknown) =>
    behind(raw, (request, _, next) => {
      request.body = body;
      next();
    });
  test.each<[string, Application]>([
    ["as an object: express.json", behind(express.json())],
    ["as an object: Fastify's default parser", fastify("default")],
    ["and kept to itself", parsedTo(undefined)],
    ["as null", parsedTo(null)],
  ])("%s is refused with the advice to keep it raw", async (_, application) => {
    const { answer, events, refused } = await send(application);
    const message = await expectRejected(answer, 500, "PROCESS_FAIL");
    expect(message).toMatch(/body was read before the receiver got it.*express\.raw/);
    expect(refused).toMatchObject([{ code: "BODY_ALREADY_PARSED" }]);
    expect(events).toEqual([]);
  });

  test.each<[string, RequestHandler]>([
    ["a parser that passed by: express.urlencoded", express.urlencoded()],
    // Express 4 is not installed.
    [
      "an empty object, which a parser of Express 4 leaves where it has passed by",
      (request, _, next) => {
        request.body = {};
        next();
      },
    ],
  ])("is not what %s means", async (_, middleware) => {
    await expectAcknowledged((await send(behind(middleware))).answer);
  });
});

describe("a path that a router has rewritten", () => {
  test("is known by originalUrl: Express below a mounted router", async () => {
    const application: Application = (handle) =>
      express().use("/antom", express.Router().use("/vaulting-notifications", handle));
    await expectAcknowledged((await send(application, { path: `${PATH}?shop=7` })).answer);
  });

  test("without originalUrl needs the option path: Koa", async () => {
    const application = koa((context, next) => {
      context.url = "/rewritten";
      return next();
    });
    await expectRejected((await send(application)).answer, 401, "INVALID_SIGNATURE");
    await expectAcknowledged((await send(application, { options: { path: PATH } })).answer);
  });
});

describe("a middleware that has answered", () => {
  test("before the handler began: its answer stands", async () => {
    const { answer } = await send(
      behind((_, response, next) => {
        response.writeHead(503).end("closed");
        next();
      }),
    );
    expect([answer.status, await answer.text()]).toEqual([503, "closed"]);
  });

  test("while the handler was at work: its answer stands", async () => {
    const { answer } = await send(
      behind((_, response, next) => {
        void setTimeout(10).then(() => response.writeHead(503).end("too slow"));
        next();
      }),
      { options: { onVaulting: async () => void (await setTimeout(50)) } },
    );
    expect([answer.status, await answer.text()]).toEqual([503, "too slow"]);
  });
});
