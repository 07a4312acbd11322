/** A merchant's TCP server whose behavior a test defines. */
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";

export interface MerchantServer extends AsyncDisposable {
  readonly port: number;
  /** Returns the number of connections so far. */
  readonly getConnectionCount: () => number;
  /** Returns everything received on all connections. */
  readonly getReceived: () => string;
  /** Returns the number of bytes sent on all connections. */
  readonly getSentByteCount: () => number;
  /** Resolves when no connection is open. */
  readonly waitUntilAllClosed: () => Promise<void>;
}

/** Starts a server on a free local port. It uses plain TCP, so that it can send responses that HTTP libraries cannot create. */
export async function startMerchantServer(
  handleConnection: (socket: Socket) => void,
  host = "127.0.0.1",
  port = 0,
): Promise<MerchantServer> {
  const sockets = new Set<Socket>();
  const allSockets: Socket[] = [];
  let received = "";
  const server = createServer((socket) => {
    sockets.add(socket);
    allSockets.push(socket);
    socket.on("error", () => {});
    socket.on("data", (data) => {
      received += data.toString("latin1");
    });
    socket.once("close", () => {
      sockets.delete(socket);
      server.emit("one-closed");
    });
    handleConnection(socket);
  });
  server.listen(port, host);
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    getConnectionCount: () => allSockets.length,
    getReceived: () => received,
    getSentByteCount: () => allSockets.reduce((sum, socket) => sum + socket.bytesWritten - socket.writableLength, 0),
    waitUntilAllClosed: async () => {
      while (sockets.size > 0) await once(server, "one-closed");
    },
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Creates a connection handler that sends `text` when the first bytes of a request arrive. */
export const reply = (text: string) => (socket: Socket) => {
  socket.once("data", () => socket.write(text));
};

/** Creates a connection handler that sends `head`, and then sends `block` repeatedly, as fast as the client reads. */
export const replyForever = (head: string, block: string) => (socket: Socket) => {
  const bytes = Buffer.from(block.repeat(Math.max(1, Math.ceil(65_536 / block.length))));
  const writeBlocks = () => {
    while (socket.writable && socket.write(bytes));
  };
  socket.once("data", () => {
    socket.write(head);
    writeBlocks();
  });
  socket.on("drain", writeBlocks);
};

/** Creates a connection handler that sends `head`, and then sends `text` repeatedly, one character every 20 milliseconds. */
export const replySlowly = (head: string, text: string) => (socket: Socket) => {
  socket.once("data", () => {
    socket.write(head);
    let index = 0;
    const timer = setInterval(() => socket.write(text.charAt(index++ % text.length)), 20);
    socket.once("close", () => clearInterval(timer));
  });
};
