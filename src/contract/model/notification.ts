/** A notification as it came: one attempt to deliver it. */
export interface Notification {
  readonly method: string;
  readonly path: string;
  readonly headers: Headers;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** `undefined` where it is no JSON. */
  readonly body: unknown;
  /** `undefined` where the signature verifies over the path that was called, else why not. */
  readonly signatureFault: string | undefined;
}
