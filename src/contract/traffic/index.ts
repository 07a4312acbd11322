export { knownCards } from "./cards-by-request-id.ts";
export { inspect, type Passed } from "./inspect-exchange.ts";
export { isWrongSignature, type Keys } from "./observed-request.ts";
export { readRecording } from "./read-recording.ts";
export { type ExchangeRecord, NOT_CHECKED } from "./recording.ts";
export { startPassThrough } from "./recording-proxy.ts";
export { replay } from "./replay-recording.ts";
