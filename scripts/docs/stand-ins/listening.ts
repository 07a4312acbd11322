/** What the stand-ins share: a server of Node's own, and how the frameworks' body parsers read. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";

export type Message = IncomingMessage & { body?: unknown; originalUrl?: string };

export function listening(
  handle: (request: Message, response: ServerResponse) => void | Promise<void>,
  port: number,
  ready?: () => void,
): Server {
  const server = createServer((request, response) => void handle(request, response));
  return server.listen(port, "127.0.0.1", ready);
}

/** A body parser reads a body of its media type, once. */
export async function parseBody(request: Message, type: string, parse: (bytes: Buffer) => unknown): Promise<void> {
  if (request.readableDidRead || !(request.headers["content-type"] ?? "").startsWith(type)) return;
  request.body = parse(await buffer(request));
}

export const parseJson = (bytes: Buffer): unknown => JSON.parse(bytes.toString());
