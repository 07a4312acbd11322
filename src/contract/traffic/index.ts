export { createCardsByRequestId as knownCards } from "./cards-by-request-id.ts";
export { inspectExchange as inspect, type ProxiedExchange as Passed } from "./inspect-exchange.ts";
export { isInvalidSignature as isWrongSignature, type VerificationKeys as Keys } from "./observed-request.ts";
export { readRecording } from "./read-recording.ts";
export { type ExchangeRecord, NOT_CHECKED } from "./recording.ts";
export { startRecordingProxy as startPassThrough } from "./recording-proxy.ts";
export { replayRecording as replay } from "./replay-recording.ts";
