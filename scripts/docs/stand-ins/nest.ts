/** In the place of NestJS 11 on Express: what is `use`d before it listens comes before its own body parser. */
import type { Server, ServerResponse } from "node:http";
import { standIn as express } from "./express.ts";
import type { Message } from "./listening.ts";

interface Application {
  readonly use: (path: string, handler: (request: Message, response: ServerResponse) => void | Promise<void>) => void;
  readonly listen: (port: number) => Promise<Server>;
}

export const NestFactory = {
  create: async (_module: unknown): Promise<Application> => {
    const app = express();
    return {
      use: (path, handler) => void app.use(path, handler),
      listen: (port) =>
        new Promise((resolve) => {
          const server = app.use(express.json()).listen(port, () => resolve(server));
        }),
    };
  },
};

export const standIn = NestFactory;
