/** Makes the fetch of Node.js accept a `100 Continue` response, which HTTP allows even if the client does not expect one. */
import { diagnostics } from "./call-log.ts";

const CHANNEL = "undici:client:sendHeaders";
const CONTINUE = /^HTTP\/1\.1 100[^\r\n]*\r\n(?:[^\r\n]+\r\n)*\r\n/;
/** The maximum size of the head of a `100 Continue` response, in bytes. */
const HEAD_LIMIT = 1024;
const latin1 = new TextDecoder("latin1");

interface ReadableSocket {
  read: () => Uint8Array | null;
}

/** Removes each `100 Continue` response before the next final response. Otherwise, undici closes the connection. */
const skipContinue = ({ socket }: { readonly socket?: ReadableSocket }): void => {
  if (!socket) return;
  const { read } = socket;
  const readNext = (): Uint8Array | null => read.call(socket);
  socket.read = () => {
    let chunk = readNext();
    while (chunk) {
      const head = CONTINUE.exec(latin1.decode(chunk.subarray(0, HEAD_LIMIT)));
      if (!head) {
        socket.read = read;
        return chunk;
      }
      chunk = chunk.length > head[0].length ? chunk.subarray(head[0].length) : readNext();
    }
    return null;
  };
};

/** Accepts `100 Continue` responses in the whole process, because all code in the process shares the fetch of Node.js. */
export function acceptContinue(): void {
  diagnostics?.unsubscribe(CHANNEL, skipContinue);
  diagnostics?.subscribe(CHANNEL, skipContinue);
}
