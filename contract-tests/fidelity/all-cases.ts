/** Every row. They are asked in this order, as one of them inquires of another. */
import { headRows } from "./cases/headers.ts";
import { mistakeRows } from "./cases/invalid-bodies.ts";
import { textRows } from "./cases/json-encodings.ts";
import { limitRows } from "./cases/limits.ts";
import type { Row } from "./cases/sample-case.ts";
import { sampleRows } from "./cases/samples.ts";
import { sdkRows } from "./cases/sdk-requests.ts";

export const rows: readonly Row[] = [...sampleRows, ...limitRows, ...mistakeRows, ...sdkRows, ...headRows, ...textRows];
