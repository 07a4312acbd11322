/** In the place of Express 5: as far as its documentation says what it does to a request, and the guides use it. */
import type { Server, ServerResponse } from "node:http";
import { listening, type Message, parseBody, parseJson } from "./listening.ts";

type Next = () => void | Promise<void>;
type Handler = (request: Message, response: ServerResponse, next: Next) => void | Promise<void>;

interface App {
  use(...handlers: readonly Handler[]): App;
  use(path: string, ...handlers: readonly Handler[]): App;
  post(path: string, ...handlers: readonly Handler[]): App;
  listen(port: number, ready?: () => void): Server;
}

interface Layer {
  readonly method?: string;
  readonly path: string;
  readonly handler: Handler;
}

function express(): App {
  const layers: Layer[] = [];
  const add = (method: string | undefined, path: string, handlers: readonly Handler[]) => {
    for (const handler of handlers) layers.push({ path, handler, ...(method === undefined ? {} : { method }) });
  };
  const run = async (request: Message, response: ServerResponse, from: number): Promise<void> => {
    const url = request.url ?? "/";
    const at = layers.findIndex((layer, index) => index >= from && matches(layer, request.method, url));
    const layer = layers[at];
    if (!layer) return void response.writeHead(404).end();
    // Below a mounted path the address is seen without it.
    if (layer.method === undefined && layer.path !== "/") request.url = url.slice(layer.path.length) || "/";
    await layer.handler(request, response, () => {
      request.url = url;
      return run(request, response, at + 1);
    });
  };
  const app: App = {
    use: (first: string | Handler, ...handlers: readonly Handler[]) => {
      if (typeof first === "string") add(undefined, first, handlers);
      else add(undefined, "/", [first, ...handlers]);
      return app;
    },
    post: (path, ...handlers) => {
      add("POST", path, handlers);
      return app;
    },
    listen: (port, ready) =>
      listening(
        (request, response) => {
          request.originalUrl = request.url ?? "/";
          return run(request, response, 0);
        },
        port,
        ready,
      ),
  };
  return app;
}

function matches({ method, path }: Layer, asked: string | undefined, url: string): boolean {
  const pathname = url.split("?")[0] ?? url;
  if (method !== undefined) return method === asked && pathname === path;
  return path === "/" || pathname === path || pathname.startsWith(`${path}/`);
}

const parser =
  (fallback: string, parse: (bytes: Buffer) => unknown) =>
  ({ type = fallback }: { readonly type?: string } = {}): Handler =>
  async (request, _, next) => {
    await parseBody(request, type, parse);
    await next();
  };

export const standIn = Object.assign(express, {
  raw: parser("application/octet-stream", (bytes) => bytes),
  json: parser("application/json", parseJson),
});
