import { readFile } from "node:fs/promises";
import type { ContractReport } from "../../contract/index.ts";
import { readRecording, replay } from "../../contract/traffic/index.ts";
import { fileFailure, wrongUsage } from "../console/usage-error.ts";
import { readKeys } from "../inputs/read-credentials.ts";

interface Options {
  readonly credentials?: string;
  readonly lenient?: true;
}

/**
 * Holds the exchanges of a file against the contract.
 *
 * @throws AntomVaultError `CONFIGURATION_INVALID` where the file cannot be read, or nothing in it is an exchange
 */
export async function replayed(file: string, { credentials, lenient }: Options): Promise<ContractReport> {
  const recording = readRecording(await readFile(file, "utf8").catch(fileFailure(file, "read")));
  const [first] = recording.unreadable;
  if (first && recording.exchanges.length === 0)
    throw wrongUsage(
      `${file} is no recording: ${first.place} ${first.why}. It must be what antom-vault record writes, or HAR 1.2.`,
    );
  return replay(file, recording, { ...(await readKeys(credentials)), lenient: lenient === true });
}
