/** What frameworks on top of Node's `http` do to a request before a handler sees it, done by hand. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import { setTimeout } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { serving } from "../testing/servers/node-server.ts";
import {
  CLIENT_ID,
  expectAcknowledged,
  expectRefused,
  PATH,
  receiving,
  signedHeaders,
  TIME,
  VAULTED,
} from "../testing/servers/notification-receiver.ts";
import { toNodeHandler } from "./node.ts";

type Routed = IncomingMessage & { body?: unknown; originalUrl?: string };

/** Sends one notification through a middleware and the handler behind it. */
async function through(
  middleware: (request: Routed, response: ServerResponse) => void | Promise<void>,
  { path = PATH, body = VAULTED, options = {} }: { path?: string; body?: string; options?: object } = {},
) {
  const { receive, ...told } = receiving(options);
  const handle = toNodeHandler(receive);
  await using server = await serving(async (request, response) => {
    await middleware(request, response);
    await handle(request, response);
  });
  const headers = await signedHeaders({ path, clientId: CLIENT_ID, time: TIME, body });
  const answer = await fetch(server.baseUrl + path, { method: "POST", headers, body });
  const { status } = answer;
  const whole = new Response(await answer.text(), { status, headers: answer.headers });
  return { answer: whole, ...told };
}

describe("a body that a parser has read", () => {
  test("as bytes is used as it is: express.raw", async () => {
    const { answer, events } = await through(async (request) => {
      request.body = await buffer(request);
    });
    await expectAcknowledged(answer);
    expect(events).toHaveLength(1);
  });

  test("as bytes in the middle of a larger buffer", async () => {
    const { answer } = await through(async (request) => {
      const bytes = await buffer(request);
      request.body = Buffer.concat([Buffer.from("before"), bytes, Buffer.from("after")]).subarray(6, 6 + bytes.length);
    });
    await expectAcknowledged(answer);
  });

  test("as text is used as it is: express.text", async () => {
    const { answer } = await through(
      async (request) => {
        request.body = (await buffer(request)).toString();
      },
      { body: VAULTED.replace("c-17", "王小明") },
    );
    await expectAcknowledged(answer);
  });

  test("as bytes over the limit is refused (threats 30)", async () => {
    const { answer } = await through(
      async (request) => {
        request.body = await buffer(request);
      },
      { body: VAULTED.padEnd(65_537) },
    );
    await expectRefused(answer, 413, "PARAM_ILLEGAL");
  });

  test.each([
    ["as an object: express.json", (bytes: Buffer) => JSON.parse(bytes.toString())],
    ["and kept to itself", () => undefined],
    ["as null", () => null],
  ])("%s is refused with the advice to keep it raw (threats 79)", async (_, parse) => {
    const { answer, events, refused } = await through(async (request) => {
      request.body = parse(await buffer(request));
    });
    const message = await expectRefused(answer, 500, "PROCESS_FAIL");
    expect(message).toMatch(/body was read before the receiver got it.*express\.raw/);
    expect(refused).toMatchObject([{ code: "BODY_ALREADY_PARSED" }]);
    expect(events).toEqual([]);
  });

  test("is not what an empty body of a parser that passed by means: express.urlencoded of Express 4", async () => {
    const { answer } = await through((request) => {
      request.body = {};
    });
    await expectAcknowledged(answer);
  });
});

describe("a path that a router has rewritten", () => {
  test("is known by originalUrl: Express below a mounted router", async () => {
    const { answer } = await through(
      (request) => {
        request.originalUrl = request.url ?? "";
        request.url = "/";
      },
      { path: `${PATH}?shop=7` },
    );
    await expectAcknowledged(answer);
  });

  test("without originalUrl needs the option path", async () => {
    const rewrite = (request: Routed) => {
      request.url = "/rewritten";
    };
    await expectRefused((await through(rewrite)).answer, 401, "INVALID_SIGNATURE");
    await expectAcknowledged((await through(rewrite, { options: { path: PATH } })).answer);
  });
});

describe("a middleware that has answered", () => {
  test("before the handler began: its answer stands", async () => {
    const { answer } = await through((_, response) => void response.writeHead(503).end("closed"));
    expect([answer.status, await answer.text()]).toEqual([503, "closed"]);
  });

  test("while the handler was at work: its answer stands", async () => {
    const onVaulting = async () => void (await setTimeout(50));
    const { answer } = await through(
      (_, response) => void setTimeout(10).then(() => response.writeHead(503).end("too slow")),
      { options: { onVaulting } },
    );
    expect([answer.status, await answer.text()]).toEqual([503, "too slow"]);
  });
});
