/** Every row. They are asked in this order, as one of them inquires of another. */
import { headRows } from "./heads.ts";
import { limitRows } from "./limits.ts";
import { mistakeRows } from "./mistakes.ts";
import type { Row } from "./row.ts";
import { sampleRows } from "./samples.ts";
import { sdkRows } from "./sdks.ts";
import { textRows } from "./texts.ts";

export const rows: readonly Row[] = [...sampleRows, ...limitRows, ...mistakeRows, ...sdkRows, ...headRows, ...textRows];
