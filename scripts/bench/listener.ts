/** A merchant's listener in a separate process. Acknowledges and counts notifications. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

const ACKNOWLEDGEMENT = JSON.stringify({
  result: { resultCode: "SUCCESS", resultStatus: "S", resultMessage: "success" },
});

let received = 0;
const server = createServer((request, response) => {
  request.resume().on("end", () => {
    received += 1;
    response.writeHead(200, { "content-type": "application/json" }).end(ACKNOWLEDGEMENT);
  });
});
server.listen(0, "127.0.0.1", () => {
  const { port } = server.address() as AddressInfo;
  process.send?.(`http://127.0.0.1:${port}/antom/notifications`);
});
process.on("message", () => process.send?.(received));
process.on("disconnect", () => process.exit(0));
