/** Checks that a target ignores undocumented fields that resemble documented ones. */
import { getField } from "../../protocol/json-fields.ts";
import type { TargetClient } from "../conversation/target-client.ts";
import { type RequestBody, TEST_CARDS, withCard } from "../document/sample-requests.ts";
import { summarizeResponse } from "../rules/assertions.ts";
import { fail } from "../rules/fail.ts";
import type { CheckRow } from "./check.ts";
import { getVaultingStatus, hasSameCard, inquire, requireSuccess, vault } from "./vaulting-requests.ts";

/** Returns fields whose names differ from `name` only in case. Each field has the given value. */
export const createFieldsInOtherCases = (name: string, value: unknown): RequestBody =>
  Object.fromEntries(
    [name.toLowerCase(), name.toUpperCase(), name.charAt(0).toUpperCase() + name.slice(1)]
      .filter((other) => other !== name)
      .map((other) => [other, value]),
  );

/** Fields that exist only in Antom's SDK classes, and documented names in a different case, form, or object. */
const CARD_FIELDS = {
  request3DS: true,
  scaExemptionIndicator: false,
  enableAuthenticationUpgrade: true,
  authenticationFlow: "3DS",
  mpiData: { eci: "05" },
  supportedBrands: ["MASTERCARD"],
  is_3ds_authentication: true,
  ...createFieldsInOtherCases("is3DSAuthentication", true),
  ...createFieldsInOtherCases("cardNo", TEST_CARDS.declined),
};
const FIELDS = {
  vaultingCurrency: "USD",
  customizedInfo: { is3DSAuthentication: true },
  is3DSAuthentication: true,
  ...createFieldsInOtherCases("metadata", "different"),
  ...createFieldsInOtherCases("vaultingRequestId", "different"),
};

async function expectIgnored(client: TargetClient): Promise<void> {
  const [id, metadata] = [client.createId(), "original"];
  requireSuccess(await vault(client, client.createId(), withCard({ cardNo: TEST_CARDS.visa })));
  const change = withCard({ cardNo: TEST_CARDS.visa, ...CARD_FIELDS });
  const response = await vault(client, id, { metadata, ...change, ...FIELDS });
  if (response.resultStatus !== "S")
    fail(response, `Target returned ${summarizeResponse(response)} because of fields that it must ignore.`);
  const inquiry = await inquire(client, id);
  if (
    getVaultingStatus(inquiry) !== "SUCCESS" ||
    !hasSameCard(inquiry, response) ||
    getField(inquiry.body, "metadata") !== metadata
  )
    fail(
      inquiry,
      "Inquiry returns a different status, card, or metadata because of fields that the target must ignore.",
    );
}

export const ignoredFieldsRow: CheckRow = {
  id: "vaultPaymentMethod.state.ignored-fields",
  title: "ignores fields that exist only in Antom's SDK classes, and documented fields in a different case or object",
  source: "/components/schemas/VaultPaymentMethodRequest",
  run: expectIgnored,
};
