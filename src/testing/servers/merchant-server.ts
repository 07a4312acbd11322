/** A merchant's listener that does with each connection what a test says, and keeps count. */
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";

export interface MerchantServer extends AsyncDisposable {
  readonly port: number;
  /** Connections so far. */
  readonly connections: () => number;
  /** What came in over all connections. */
  readonly received: () => string;
  /** Bytes that were taken off its hands. */
  readonly sent: () => number;
  /** Resolves as soon as no connection is open. */
  readonly allClosed: () => Promise<void>;
}

/** Listens on a free port of a loopback address, over bare TCP, so that it can say what no HTTP library would. */
export async function startMerchantServer(
  behave: (socket: Socket) => void,
  host = "127.0.0.1",
  port = 0,
): Promise<MerchantServer> {
  const sockets = new Set<Socket>();
  const all: Socket[] = [];
  let received = "";
  const server = createServer((socket) => {
    sockets.add(socket);
    all.push(socket);
    socket.on("error", () => {});
    socket.on("data", (data) => {
      received += data.toString("latin1");
    });
    socket.once("close", () => {
      sockets.delete(socket);
      server.emit("one-closed");
    });
    behave(socket);
  });
  server.listen(port, host);
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    connections: () => all.length,
    received: () => received,
    sent: () => all.reduce((sum, socket) => sum + socket.bytesWritten - socket.writableLength, 0),
    allClosed: async () => {
      while (sockets.size > 0) await once(server, "one-closed");
    },
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Says something as soon as the first bytes of a request are there. */
export const reply = (text: string) => (socket: Socket) => {
  socket.once("data", () => socket.write(text));
};

/** Says the head and then one block again and again, as fast as it is taken, for ever. */
export const replyForever = (head: string, block: string) => (socket: Socket) => {
  const bytes = Buffer.from(block.repeat(Math.max(1, Math.ceil(65_536 / block.length))));
  const more = () => {
    while (socket.writable && socket.write(bytes));
  };
  socket.once("data", () => {
    socket.write(head);
    more();
  });
  socket.on("drain", more);
};

/** Says a text one character every 20 milliseconds, over and over. */
export const replySlowly = (head: string, text: string) => (socket: Socket) => {
  socket.once("data", () => {
    socket.write(head);
    let at = 0;
    const timer = setInterval(() => socket.write(text.charAt(at++ % text.length)), 20);
    socket.once("close", () => clearInterval(timer));
  });
};
