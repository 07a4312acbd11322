export { createCardsByRequestId } from "./cards-by-request-id.ts";
export { inspectExchange, type ProxiedExchange } from "./inspect-exchange.ts";
export { isInvalidSignature, type VerificationKeys } from "./observed-request.ts";
export { readRecording } from "./read-recording.ts";
export { type ExchangeRecord, NOT_CHECKED } from "./recording.ts";
export { startRecordingProxy } from "./recording-proxy.ts";
export { replayRecording } from "./replay-recording.ts";
