import { setTimeout } from "node:timers/promises";
import { afterEach, describe, expect, test, vi } from "vitest";
import {
  CLIENT_ID,
  createHeaders,
  createResponseBody,
  createTestGateway,
  expectValidResponse,
  PATH,
  SAMPLE_BODY,
} from "../testing/servers/gateway.ts";
import { formatHead, openSocket } from "../testing/servers/raw-socket.ts";
import { createAdmission } from "./admission.ts";
import { type HttpServer, startHttpServer } from "./http-server.ts";

const servers: HttpServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close(0);
});

/** Starts a gateway with the maximum number of calls in flight. The test completes the calls with the functions in `open`. */
async function startFullGateway(maxInFlight: number) {
  const open: (() => void)[] = [];
  const { gateway } = createTestGateway({
    maxInFlight,
    handle: (call) => new Promise((resolve) => open.push(() => resolve(createResponseBody(call)))),
  });
  const server = await startHttpServer(gateway);
  servers.push(server);
  const send = async (headers?: Headers) =>
    fetch(server.baseUrl + PATH, { method: "POST", headers: headers ?? (await createHeaders()), body: SAMPLE_BODY });
  const inFlight = Array.from({ length: maxInFlight }, () => send());
  // Closing the server rejects the calls that a test does not complete.
  for (const call of inFlight) call.catch(() => {});
  await expect.poll(() => open.length).toBe(maxInFlight);
  return { baseUrl: server.baseUrl, send, open, inFlight };
}

describe("a gateway that limits the calls in flight", () => {
  test("rejects calls over the limit with a signed REQUEST_TRAFFIC_EXCEED_LIMIT, and accepts calls again when the calls in flight are done", async () => {
    const { send, open, inFlight } = await startFullGateway(2);
    for (let count = 0; count < 3; count++) {
      expect(await expectValidResponse(await send())).toMatchObject({
        resultCode: "REQUEST_TRAFFIC_EXCEED_LIMIT",
        resultStatus: "U",
        signed: true,
      });
    }
    expect(open).toHaveLength(2);
    for (const complete of open.splice(0)) complete();
    for (const response of inFlight)
      expect(await expectValidResponse(await response)).toMatchObject({ resultStatus: "F" });
    const next = send();
    await expect.poll(() => open.length).toBe(1);
    open[0]?.();
    expect(await expectValidResponse(await next)).toMatchObject({ resultCode: "PROCESS_FAIL" });
  });

  test("signs each rejection for its client, path, and response time", async () => {
    const { baseUrl, open } = await startFullGateway(1);
    for (const path of [PATH, `${PATH}?a=1`, PATH]) {
      const headers = await createHeaders({ path });
      const response = await fetch(baseUrl + path, { method: "POST", headers, body: SAMPLE_BODY });
      const expected = { resultCode: "REQUEST_TRAFFIC_EXCEED_LIMIT", signed: true };
      expect(await expectValidResponse(response, { path, clientId: CLIENT_ID })).toMatchObject(expected);
    }
    open[0]?.();
  });

  test("does not count requests whose body has not arrived", async () => {
    const { gateway } = createTestGateway({ maxInFlight: 1 });
    const server = await startHttpServer(gateway);
    servers.push(server);
    const headers = await createHeaders();
    const slow = await openSocket(server.baseUrl);
    slow.write(formatHead(PATH, [...headers, ["content-length", String(SAMPLE_BODY.length)]]));
    await setTimeout(50);
    const response = await fetch(server.baseUrl + PATH, { method: "POST", headers, body: SAMPLE_BODY });
    expect(await expectValidResponse(response)).toMatchObject({ resultCode: "PROCESS_FAIL" });
    slow.destroy();
  });

  test("handles the next request on a connection whose call was rejected", async () => {
    const { baseUrl, open } = await startFullGateway(2);
    const socket = await openSocket(baseUrl);
    const headers = await createHeaders();
    const one = formatHead(PATH, [...headers, ["content-length", String(SAMPLE_BODY.length)]]) + SAMPLE_BODY;
    let received = "";
    socket.on("data", (chunk) => {
      received += chunk.toString("latin1");
    });
    socket.write(one);
    await expect.poll(() => received).toContain("REQUEST_TRAFFIC_EXCEED_LIMIT");
    open[0]?.();
    socket.write(one);
    await expect.poll(() => open.length).toBe(3);
    for (const complete of open) complete();
    socket.destroy();
  });
});

describe("createAdmission", () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  test("puts a connection on hold for 1 ms per connection on hold, including itself", async () => {
    vi.useFakeTimers();
    const admission = createAdmission(2);
    const ended: number[] = [];
    for (const index of [1, 2, 3]) void admission.hold().then(() => ended.push(index));
    await vi.advanceTimersByTimeAsync(2);
    expect(ended).toEqual([1, 2]);
    await vi.advanceTimersByTimeAsync(1);
    expect(ended).toEqual([1, 2, 3]);
  });

  test("ends all holds when half of the calls are done", async () => {
    vi.useFakeTimers();
    const admission = createAdmission(4);
    const calls: (() => void)[] = [];
    for (let count = 0; count < 4; count++)
      void admission.run(() => new Promise<void>((resolve) => calls.push(resolve)));
    let ended = 0;
    for (let count = 0; count < 500; count++) void admission.hold().then(() => ended++);
    calls[0]?.();
    await vi.advanceTimersByTimeAsync(0);
    expect(ended).toBe(0);
    calls[1]?.();
    await vi.advanceTimersByTimeAsync(0);
    expect(ended).toBe(500);
  });
});
