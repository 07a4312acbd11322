/** In the place of Fastify 5: as far as its documentation says what it does to a request, and the guides use it. */
import type { ServerResponse } from "node:http";
import { listening, type Message, parseBody, parseJson } from "./listening.ts";

interface FastifyRequest {
  readonly raw: Message;
  readonly body: unknown;
}

interface FastifyReply {
  readonly raw: ServerResponse;
  /** From here on Fastify leaves the answer to whoever writes to `raw`. */
  readonly hijack: () => FastifyReply;
}

type Done = (error: Error | null, body?: unknown) => void;
type Parser = (request: FastifyRequest, payload: Message, done: Done) => void;

interface Scope {
  readonly removeAllContentTypeParsers: () => void;
  readonly addContentTypeParser: (type: string, parser: Parser) => Scope;
  readonly post: (path: string, handler: (request: FastifyRequest, reply: FastifyReply) => unknown) => Scope;
}

interface App extends Scope {
  readonly register: (plugin: (scope: Scope) => void | Promise<void>) => App;
  readonly listen: (options: { readonly port: number }) => Promise<string>;
}

interface Route {
  readonly parsers: ReadonlyMap<string, Parser>;
  readonly handler: (request: FastifyRequest, reply: FastifyReply) => unknown;
}

function fastify(): App {
  const routes = new Map<string, Route>();
  const plugins: Promise<void>[] = [];
  /** What a scope changes of the parsers stays in it. */
  const scope = (parsers: Map<string, Parser>): Scope => {
    const own: Scope = {
      removeAllContentTypeParsers: () => parsers.clear(),
      addContentTypeParser: (type, parser) => {
        parsers.set(type, parser);
        return own;
      },
      post: (path, handler) => {
        routes.set(path, { parsers, handler });
        return own;
      },
    };
    return own;
  };
  const whole = new Map<string, Parser>([["application/json", json]]);
  const app: App = {
    ...scope(whole),
    register: (plugin) => {
      plugins.push(Promise.resolve(plugin(scope(new Map(whole)))));
      return app;
    },
    listen: async ({ port }) => {
      await Promise.all(plugins);
      await new Promise<void>(
        (resolve) => void listening((request, response) => answer(routes, request, response), port, resolve),
      );
      return `http://127.0.0.1:${port}`;
    },
  };
  return app;
}

function answer(routes: ReadonlyMap<string, Route>, raw: Message, response: ServerResponse): void {
  const route = request(routes, raw);
  const type = (raw.headers["content-type"] ?? "").split(";")[0] ?? "";
  const parser = route?.parsers.get(type) ?? route?.parsers.get("*");
  if (!route || !parser) return void response.writeHead(route ? 415 : 404).end();
  const reply: FastifyReply = { raw: response, hijack: () => reply };
  parser({ raw, body: undefined }, raw, (error, body) => {
    if (error) response.writeHead(400).end();
    else void route.handler({ raw, body }, reply);
  });
}

const request = (routes: ReadonlyMap<string, Route>, { method, url = "/" }: Message): Route | undefined =>
  method === "POST" ? routes.get(url.split("?")[0] ?? "/") : undefined;

function json(_: FastifyRequest, payload: Message, done: Done): void {
  parseBody(payload, "application/json", parseJson).then(
    () => done(null, payload.body),
    (error: Error) => done(error),
  );
}

export const standIn = fastify;
