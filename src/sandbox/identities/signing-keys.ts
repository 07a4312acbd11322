/** The keys that the gateway signs with. The newest signs; those before it stay published, for whoever verifies what was signed earlier. */
import { type GatewayKeys, importSigningKey, type Signer } from "../../gateway/index.ts";
import { derivePublicKey, toPem } from "../../signature/index.ts";

export interface PublishedKey {
  readonly keyVersion: number;
  /** PEM. */
  readonly antomPublicKey: string;
  /** Milliseconds since 1970, on the machine's clock. */
  readonly since: number;
  /** Whether it is the one that signs. */
  readonly signs: boolean;
}

export type SigningKeys = Readonly<Awaited<ReturnType<typeof openSigningKeys>>>;

/** @param next makes the next key, wherever the keys are kept */
export async function openSigningKeys(keys: GatewayKeys, next: (keys: GatewayKeys) => Promise<GatewayKeys>) {
  let current = await prepareKeys(keys);
  let rotating: Promise<unknown> = Promise.resolve();

  return {
    /** What signs, now and after each rotation. */
    signer: {
      get privateKey() {
        return current.privateKey;
      },
      get keyVersion() {
        return String(current.newest.keyVersion);
      },
    } satisfies Signer,
    /** PEM: the public half of the key that signs. */
    antomPublicKey: () => current.keys.antomPublicKey,
    /** The newest last. */
    list: () => current.published,
    /** Gives the gateway its next key; two at once give it two, one after the other. Rejects as `next` does, and the key stays. */
    rotate: (): Promise<PublishedKey> => {
      const mine = rotating.then(async () => {
        current = await prepareKeys(await next(current.keys));
        return current.newest;
      });
      rotating = mine.catch(() => {});
      return mine;
    },
  };
}

async function prepareKeys(keys: GatewayKeys) {
  const privateKey = await importSigningKey(keys.gatewayPrivateKey, "gatewayPrivateKey");
  const publish = async (each: GatewayKeys["versions"][number], at: number): Promise<PublishedKey> => ({
    keyVersion: at + 1,
    antomPublicKey: await toPem(await derivePublicKey(each.privateKey, "gatewayPrivateKey")),
    since: each.since,
    signs: at + 1 === keys.versions.length,
  });
  const [first, ...later] = keys.versions;
  const published = [
    await publish(first, 0),
    ...(await Promise.all(later.map((each, at) => publish(each, at + 1)))),
  ] as const;
  return { keys, privateKey, published, newest: published.at(-1) ?? published[0] };
}
