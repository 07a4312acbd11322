/** The signing keys of the gateway. The newest key signs; earlier keys stay published, so that clients can verify earlier signatures. */
import { type GatewayKeys, importSigningKey, type Signer } from "../../gateway/index.ts";
import { derivePublicKey, exportPublicPem } from "../../signature/index.ts";

export interface PublishedKey {
  readonly keyVersion: number;
  /** The public key in PEM format. */
  readonly antomPublicKey: string;
  /** Milliseconds since the Unix epoch, on the system clock. */
  readonly createdAt: number;
  /** Whether the gateway signs with this key now. */
  readonly signs: boolean;
}

export type SigningKeys = Readonly<Awaited<ReturnType<typeof openSigningKeys>>>;

/** Loads the signing keys. `createNext` creates and stores the next key. */
export async function openSigningKeys(keys: GatewayKeys, createNext: (keys: GatewayKeys) => Promise<GatewayKeys>) {
  let current = await prepareKeys(keys);
  let rotating: Promise<unknown> = Promise.resolve();

  return {
    /** The signer, which always uses the current key. */
    signer: {
      get privateKey() {
        return current.privateKey;
      },
      get keyVersion() {
        return String(current.newest.keyVersion);
      },
    } satisfies Signer,
    /** Returns the current public key in PEM format. */
    antomPublicKey: () => current.keys.antomPublicKey,
    /** Lists all public keys, newest last. */
    list: () => current.published,
    /** Rotates to the next key. Concurrent calls run one after the other. If `createNext` rejects, the current key stays active. */
    rotate: (): Promise<PublishedKey> => {
      const rotation = rotating.then(async () => {
        current = await prepareKeys(await createNext(current.keys));
        return current.newest;
      });
      rotating = rotation.catch(() => {});
      return rotation;
    },
  };
}

async function prepareKeys(keys: GatewayKeys) {
  const privateKey = await importSigningKey(keys.gatewayPrivateKey, "gatewayPrivateKey");
  const publish = async (key: GatewayKeys["versions"][number], index: number): Promise<PublishedKey> => ({
    keyVersion: index + 1,
    antomPublicKey: await exportPublicPem(await derivePublicKey(key.privateKey, "gatewayPrivateKey")),
    createdAt: key.createdAt,
    signs: index + 1 === keys.versions.length,
  });
  const [first, ...later] = keys.versions;
  const published = [
    await publish(first, 0),
    ...(await Promise.all(later.map((key, index) => publish(key, index + 1)))),
  ] as const;
  return { keys, privateKey, published, newest: published.at(-1) ?? published[0] };
}
