export { knownCards } from "./cards-by-request-id.ts";
export { inspect, type Keys, type Passed } from "./inspect-exchange.ts";
export { isWrongSignature } from "./observed-request.ts";
export { readRecording } from "./read-recording.ts";
export { type ExchangeRecord, NOT_CHECKED } from "./recording.ts";
export { startPassThrough } from "./recording-proxy.ts";
export { replay } from "./replay-recording.ts";
