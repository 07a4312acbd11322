/**
 * A server for each framework. Each server receives notifications as the guides describe, and listens on the port in the environment variable PORT.
 * The NestJS servers read their credentials from a file, and the others from the environment variable INPUT.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readPage } from "../docs/markdown.ts";

/** The source of a server, and how to build and start it. */
export interface Framework {
  /** The npm packages to install, including those with types. */
  readonly packages: readonly string[];
  readonly files: Readonly<Record<string, string>>;
  /** The Node.js arguments that build the server, if it requires a build. */
  readonly build?: readonly string[];
  /** The Node.js arguments that start the server. */
  readonly start?: readonly string[];
  /** The paths that receive notifications. Default: only /antom/notifications. */
  readonly paths?: readonly string[];
  /** Whether the server vaults a card in response to `POST /cards/ID`. */
  readonly vaultsCards?: boolean;
  /** Additional compiler options, because the declarations of some frameworks contain errors or require browser types. */
  readonly compilerOptions?: object;
}

const BROWSER_LIB = ["esnext", "dom", "dom.iterable"];

const RECEIVER = `
import { createNotificationReceiver } from "antom-vault/notification";
import { toNodeHandler } from "antom-vault/notification/node";
const { clientId, antomPublicKey } = JSON.parse(process.env.INPUT!).credentials;
const path = "/antom/notifications";
const receive = createNotificationReceiver({ clientId, antomPublicKey, path, onVaulting: () => {}, onRejected: () => {} });
const handle = toNodeHandler(receive);
const port = Number(process.env.PORT);
`;

const EXPRESS = `${RECEIVER}
const app = express();
app.post(path, express.raw({ type: "application/json" }), handle);
app.use(express.json());
app.listen(port, "127.0.0.1");`;

const LAMBDA = `import { createServer, type IncomingHttpHeaders } from "node:http";
import { buffer } from "node:stream/consumers";
import type { APIGatewayProxyEvent, APIGatewayProxyEventV2, APIGatewayProxyResult, APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import { AntomVaultError, verifyNotification } from "antom-vault/notification";
const { clientId, antomPublicKey } = JSON.parse(process.env.INPUT!).credentials;
const path = "/antom/notifications";
const acknowledgement = JSON.stringify({ result: { resultCode: "SUCCESS", resultStatus: "S", resultMessage: "success" } });
async function handler(event: EVENT): Promise<RESULT> {
  try {
    const body = Buffer.from(event.body ?? "", event.isBase64Encoded ? "base64" : "utf8");
    await verifyNotification({ body, headers: event.headers, path, clientId, antomPublicKey });
    return { statusCode: 200, headers: { "content-type": "application/json" }, body: acknowledgement };
  } catch (error) {
    if (!(error instanceof AntomVaultError)) throw error;
    return { statusCode: error.httpStatus ?? 500, body: "" };
  }
}
const flatten = (headers: IncomingHttpHeaders) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value].flat().join(",")]));
/** Converts a request to an event, as API Gateway does. */
createServer(async (request, response) => {
  const bytes = await buffer(request);
  const common = { headers: flatten(request.headers), isBase64Encoded: ENCODED, body: bytes.toString(ENCODED ? "base64" : "utf8") };
  const { statusCode, body } = await handler({ ...common, ...FIELDS } as unknown as EVENT);
  response.writeHead(statusCode ?? 200).end(body);
}).listen(Number(process.env.PORT), "127.0.0.1");`;

const lambda = (version: "" | "V2", encoded: boolean): Framework => ({
  packages: ["@types/aws-lambda@8.10.164"],
  files: {
    "main.ts": LAMBDA.replaceAll("EVENT", `APIGatewayProxyEvent${version}`)
      .replaceAll("RESULT", version ? "APIGatewayProxyStructuredResultV2" : "APIGatewayProxyResult")
      .replaceAll("ENCODED", String(encoded))
      .replaceAll("FIELDS", version ? '{ version: "2.0", rawPath: path }' : "{ path, multiValueHeaders: {} }"),
  },
});

const guide = readPage("docs/nestjs.md", readFileSync(join(import.meta.dirname, "../../docs/nestjs.md"), "utf8"));
const guideFiles = Object.fromEntries(
  guide.blocks.map(({ words, text }) => [words.find((word) => word.startsWith("file="))?.slice(5), text]),
) as Readonly<Record<string, string>>;
const nest = (adapter: "express" | "fastify", main: string): Framework => {
  const files = Object.fromEntries(Object.entries(guideFiles).filter(([file]) => /^src\/(?!main)/.test(file)));
  return {
    packages: [
      "@nestjs/common@12.5.0",
      "@nestjs/core@12.5.0",
      `@nestjs/platform-${adapter}@12.5.0`,
      "reflect-metadata@0.2.2",
      "rxjs@7.8.2",
    ],
    files: { ...files, "src/main.ts": guideFiles[main] ?? "" },
    start: ["src/main.js"],
    vaultsCards: true,
  };
};

export const FRAMEWORKS: Readonly<Record<string, Framework>> = {
  "Express 4": {
    packages: ["express-4@npm:express@4.22.1", "@types/express-4@npm:@types/express@4.17.25"],
    files: { "main.ts": `import express from "express-4";${EXPRESS}` },
  },
  "Express 5": {
    packages: ["express@5.3.0", "@types/express@5.0.6"],
    files: { "main.ts": `import express from "express";${EXPRESS}` },
  },
  "Fastify 5": {
    packages: ["fastify@5.12.8"],
    files: {
      "main.ts": `import Fastify from "fastify";${RECEIVER}
const app = Fastify();
app.register(async (scope) => {
  scope.addContentTypeParser("application/json", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
  scope.post(path, handle);
});
await app.listen({ port, host: "127.0.0.1" });`,
    },
  },
  "Koa 3": {
    packages: ["koa@3.3.0", "@types/koa@3.0.3"],
    compilerOptions: { skipLibCheck: true },
    files: {
      "main.ts": `import Koa from "koa";${RECEIVER}
const app = new Koa();
app.use(async (context, next) => {
  if (context.path !== path) return next();
  context.respond = false;
  await handle(context.req, context.res);
});
app.listen(port, "127.0.0.1");`,
    },
  },
  "Hono 4": {
    packages: ["hono@4.13.19", "@hono/node-server@2.1.8"],
    compilerOptions: { lib: BROWSER_LIB },
    files: {
      "main.ts": `import { serve } from "@hono/node-server";
import { Hono } from "hono";${RECEIVER}
const app = new Hono();
app.post(path, (context) => receive(context.req.raw));
serve({ fetch: app.fetch, port, hostname: "127.0.0.1" });`,
    },
  },
  "NestJS 12 with Express": nest("express", "src/main.ts"),
  "NestJS 12 with Fastify": nest("fastify", "src/main-fastify.ts"),
  // A route handler of the App Router, and an API route of the Pages Router.
  "Next.js 16": {
    packages: ["next@16.4.6", "react@19.3.1", "react-dom@19.3.1", "@types/react@19.3.3", "typescript@5.9.3"],
    compilerOptions: { module: "esnext", moduleResolution: "bundler", lib: BROWSER_LIB, skipLibCheck: true },
    files: {
      "app/antom/notifications/route.ts": `${RECEIVER}
export const POST = (request: Request) => receive(request);`,
      "pages/api/antom/notifications.ts": `import type { NextApiRequest, NextApiResponse } from "next";${RECEIVER}
export const config = { api: { bodyParser: false } };
export default (request: NextApiRequest, response: NextApiResponse) => handle(request, response);`,
    },
    build: ["../node_modules/next/dist/bin/next", "build"],
    start: ["../node_modules/next/dist/bin/next", "start", "--hostname=127.0.0.1"],
    paths: ["/antom/notifications", "/api/antom/notifications"],
  },
  "AWS Lambda (payload format 1.0)": lambda("", false),
  "AWS Lambda (payload format 2.0)": lambda("V2", true),
  "Google Cloud Functions": {
    packages: ["@google-cloud/functions-framework@5.0.5"],
    files: {
      "main.ts": `import { http } from "@google-cloud/functions-framework";${RECEIVER}
http("notifications", handle);`,
    },
    start: [
      "../node_modules/@google-cloud/functions-framework/build/src/main.js",
      "--target=notifications",
      "--source=main.js",
    ],
  },
};
