import { expect, test } from "vitest";
import { createNotificationReceiver } from "../notification/index.ts";
import { startSandbox } from "../sandbox/index.ts";
import { SPKI } from "../testing/messages/signature-vectors.ts";

const receiver = { clientId: "C", antomPublicKey: SPKI, onVaulting: () => {} };

test.each([
  [{ onVaulted: () => {} }, "createNotificationReceiver has no option onVaulted. Did you mean onVaulting?"],
  [{ clientId: undefined }, "clientId is undefined: check that the environment variable is set."],
  [
    { clientId: "'C'" },
    "clientId contains quotation marks or spaces: remove them from the environment variable or file.",
  ],
])("createNotificationReceiver explains the invalid options %j", (invalid, message) => {
  expect(() => createNotificationReceiver({ ...receiver, ...invalid } as typeof receiver)).toThrow(message);
});

test("startSandbox lists its options if an option is unknown and no name is similar", async () => {
  const options: object = { dataDir: "x" };
  await expect(startSandbox(options)).rejects.toMatchObject({
    code: "CONFIGURATION_INVALID",
    message: expect.stringMatching(/^startSandbox has no option dataDir\. The options are data, database, host, /),
  });
});
