/** What a merchant needs to call: test cards, credentials, and the gateway's keys. */

import { ONE_TIME_CODE, TEST_CARDS } from "../../cards/test-cards.ts";
import type { ControlSchemas } from "../../control-api/control-schemas.ts";
import { AntomVaultError } from "../../protocol/errors.ts";
import type { ControlParts } from "./control-parts.ts";
import { keyView, present, time } from "./serializers.ts";

type Schemas = ControlSchemas;

export type MerchantControls = Readonly<ReturnType<typeof createMerchantControls>>;

export function createMerchantControls({ clients, signingKeys, credentials }: ControlParts) {
  return {
    cards: (): Schemas["CardList"] => ({
      oneTimeCode: ONE_TIME_CODE,
      cards: TEST_CARDS.map(({ number, brand, purpose, publishedBy, verdict, challenge, country }) => ({
        number,
        brand,
        purpose,
        publishedBy,
        verdict,
        ...present({ challenge, country }),
      })),
    }),
    configuration: credentials,
    clients: async (): Promise<readonly Schemas["Client"][]> =>
      (await clients.list()).map(({ clientId, createdAt }) => ({ clientId, createdAt: time(createdAt) })),
    /** A second merchant. `undefined` where there is one of that ID. */
    addClient: async (clientId?: string): Promise<Schemas["Credentials"] | undefined> => {
      if (clientId !== undefined && !/^[\x21-\x7E]{1,128}$/.test(clientId)) {
        throw new AntomVaultError(
          "CONFIGURATION_INVALID",
          "A client ID is 1 to 128 printable ASCII characters without blanks.",
        );
      }
      const added = await clients.add(clientId);
      const { baseUrl, antomPublicKey } = credentials();
      return added && { baseUrl, antomPublicKey, ...added };
    },
    /** The gateway's public keys, the newest last. */
    keys: (): readonly Schemas["GatewayKey"][] => signingKeys.list().map(keyView),
    /**
     * Gives the gateway its next key.
     *
     * @throws AntomVaultError `CONFIGURATION_INVALID` where it cannot be kept; the gateway then goes on with the key that it has
     */
    rotateKey: async (): Promise<Schemas["GatewayKey"]> => keyView(await signingKeys.rotate()),
  };
}
