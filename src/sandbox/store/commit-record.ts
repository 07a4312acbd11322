/**
 * Detects a database that has lost commits, for example because its write-ahead log was deleted, truncated, or replaced by an older copy. SQLite
 * would open it without an error.
 *
 * A small file beside the database contains the position of the last commit in the log. It is written after each commit has been flushed, so the
 * log never ends before this position. The file itself is not flushed, so it might contain an earlier position after a power failure.
 */
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { createPrivateFile } from "../../gateway/index.ts";

/** A position in the log. Restarting the log increments its salt. */
interface Position {
  readonly salt: number;
  /** The number of frames, each with one page. 0 if the sandbox stopped after it moved all pages to the database file. */
  readonly frames: number;
}

export interface CommitRecord {
  /** Records that the log contains `frames` flushed frames. */
  readonly save: (frames: number) => void;
  /** Records that the database file contains all commits. Call it before the log is deleted. */
  readonly markComplete: () => void;
  /** Closes the record. Call it after the database is closed. */
  readonly close: () => void;
}

const LOG_HEADER_BYTES = 32;
const FRAME_HEADER_BYTES = 24;
/**
 * The record is never this many restarts behind the log, because the kernel flushes the record within a minute. A larger difference between the
 * salts means that the log is a new file, whose first salt is random.
 */
const MAX_RESTARTS = 10_000;

export const getRecordFile = (file: string): string => `${file}-commit`;
const getLogFile = (file: string): string => `${file}-wal`;

/** Describes how a database has lost data, and what to do. Returns `undefined` if it has lost none. Changes no file. */
export function findLostCommits(file: string): string | undefined {
  const position = readPosition(getRecordFile(file));
  if (!position) return undefined;
  const size = statSync(file, { throwIfNoEntry: false })?.size;
  if (!size) return describeLoss(file, size === undefined ? "the file is missing" : "the file is empty");
  if (position.frames === 0 || containsPosition(getLogFile(file), position)) return undefined;
  const state = existsSync(getLogFile(file)) ? "does not contain the last commits" : "is missing";
  const recordFile = getRecordFile(file);
  return `its log ${getLogFile(file)} ${state}. Restore the log, or delete ${recordFile} to use the database without the lost commits. Nothing was changed`;
}

/** Describes the loss of all data. */
export const describeLoss = (file: string, state: string): string =>
  `${state}, but the sandbox stored data in it. Restore the file, or delete ${getRecordFile(file)} to start with an empty database. Nothing was changed`;

/** Returns whether the sandbox has stored data in a database. */
export const hasRecord = (file: string): boolean => readPosition(getRecordFile(file)) !== undefined;

function readPosition(file: string): Position | undefined {
  if (!existsSync(file)) return undefined;
  const match = /^([\da-f]{8}) ([\da-f]{8})\n$/.exec(readFileSync(file, "utf8"));
  return match ? { salt: Number.parseInt(match[1] ?? "", 16), frames: Number.parseInt(match[2] ?? "", 16) } : undefined;
}

/** Returns whether a log contains an intact commit at a position, or was restarted later. See https://sqlite.org/fileformat2.html#walformat. */
function containsPosition(file: string, { salt, frames }: Position): boolean {
  if (!existsSync(file)) return false;
  const log = openSync(file, "r");
  try {
    const header = Buffer.alloc(LOG_HEADER_BYTES);
    if (readSync(log, header, 0, header.length, 0) < header.length) return false;
    const restarts = (header.readUInt32BE(16) - salt) >>> 0;
    if (restarts > 0) return restarts < MAX_RESTARTS;
    const frame = Buffer.alloc(FRAME_HEADER_BYTES + header.readUInt32BE(8));
    const addToChecksum = createChecksum((header.readUInt32BE(0) & 1) === 1);
    addToChecksum(header.subarray(0, 24));
    for (let index = 0; index < frames; index++) {
      const isRead = readSync(log, frame, 0, frame.length, LOG_HEADER_BYTES + index * frame.length) === frame.length;
      addToChecksum(frame.subarray(0, 8));
      const [first, second] = addToChecksum(frame.subarray(FRAME_HEADER_BYTES));
      const isIntact = first === frame.readUInt32BE(16) && second === frame.readUInt32BE(20);
      if (!isRead || !isIntact || frame.compare(header, 16, 24, 8, 16) !== 0) return false;
    }
    return true;
  } finally {
    closeSync(log);
  }
}

/** Returns a function that adds bytes to the checksum of a log, and returns the new checksum. */
function createChecksum(isBigEndian: boolean): (bytes: Buffer) => readonly [number, number] {
  let first = 0;
  let second = 0;
  return (bytes) => {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    for (let offset = 0; offset < bytes.length; offset += 8) {
      first = (first + view.getUint32(offset, !isBigEndian) + second) >>> 0;
      second = (second + view.getUint32(offset + 4, !isBigEndian) + first) >>> 0;
    }
    return [first, second];
  };
}

/** Opens the record of an open database. If the record does not exist, creates it so that only its owner can read it. */
export function openCommitRecord(file: string): CommitRecord {
  const recordFile = getRecordFile(file);
  createPrivateFile(recordFile);
  const record = openSync(recordFile, "r+");
  const saltBytes = Buffer.alloc(4);
  let log: number | undefined;
  let hasData = hasRecord(file);
  const write = ({ salt, frames }: Position) => {
    const [saltText, framesText] = [salt, frames].map((value) => value.toString(16).padStart(8, "0"));
    writeSync(record, `${saltText} ${framesText}\n`, 0);
  };
  const markComplete = () => {
    if (!hasData) return;
    try {
      write({ salt: 0, frames: 0 });
      fsyncSync(record);
    } catch {
      // Without the log, a position in the record would make the next start fail.
      rmSync(recordFile, { force: true });
    }
  };
  return {
    save: (frames) => {
      try {
        log ??= openSync(getLogFile(file), "r");
        readSync(log, saltBytes, 0, 4, 16);
        write({ salt: saltBytes.readUInt32BE(0), frames });
        hasData = true;
      } catch {
        // The commit succeeded. An earlier position in the record only makes the check less strict.
      }
    },
    markComplete,
    close: () => {
      // Closing the database might have completed a checkpoint that failed before.
      if (!existsSync(getLogFile(file))) markComplete();
      closeSync(record);
      if (log !== undefined) closeSync(log);
    },
  };
}
