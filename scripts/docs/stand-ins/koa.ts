/** In the place of Koa 3: as far as its documentation says what it does to a request, and the guides use it. */
import type { Server, ServerResponse } from "node:http";
import { listening, type Message } from "./listening.ts";

interface Context {
  readonly path: string;
  readonly req: Message;
  readonly res: ServerResponse;
  /** `false` leaves the answer to whoever writes to `res`. */
  respond: boolean;
}

type Middleware = (context: Context, next: () => Promise<void>) => void | Promise<void>;

class Koa {
  readonly #middlewares: Middleware[] = [];

  use(middleware: Middleware): this {
    this.#middlewares.push(middleware);
    return this;
  }

  listen(port: number, ready?: () => void): Server {
    return listening(
      async (req, res) => {
        const context = { path: (req.url ?? "/").split("?")[0] ?? "/", req, res, respond: true };
        const run = async (at: number): Promise<void> => this.#middlewares[at]?.(context, () => run(at + 1));
        await run(0);
        if (context.respond) res.writeHead(404).end();
      },
      port,
      ready,
    );
  }
}

export const standIn = Koa;
