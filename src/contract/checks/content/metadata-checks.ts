/** Checks that the target returns metadata and IDs unchanged, regardless of their content. */
import type { OperationId } from "../../../../generated/operations.ts";
import { getField } from "../../../protocol/json-fields.ts";
import type { Inbox } from "../../conversation/notification-listener.ts";
import type { TargetClient } from "../../conversation/target-client.ts";
import { CHALLENGED_CARD, FAILING_CARD, type RequestBody } from "../../document/sample-requests.ts";
import type { Exchange, Notification } from "../../model/exchange.ts";
import { CheckSkipped } from "../../model/failure.ts";
import { fail } from "../../rules/fail.ts";
import { failNotification } from "../../rules/notification-rules.ts";
import { type Check, selectStateChecks } from "../check.ts";
import { getVaultingStatus, inquire, vault } from "../vaulting-requests.ts";

/** Metadata that a program could change when parsing, storing, or escaping it. Each row has 1 text for all kinds of vaultings, or 1 for each kind. */
const TEXTS: readonly (readonly [label: string, metadata: string | undefined | readonly string[]])[] = [
  ["absent metadata", undefined],
  ["empty metadata", ""],
  ["metadata that contains only whitespace", [" ", "\r\n", "\u3000"]],
  ["JSON metadata", '{ "b":1.0,  "a":[12345678901234567890,1e2],"b":null,"\\u00e9":"\\/" }'],
  ["metadata that looks like a number", ["007.10", "0", "1e400"]],
  ["metadata that is a short JSON value", ["null", "false", "{}"]],
  [
    "metadata with quotes, escapes, and markup",
    "\"O'Brien\"; \\\\ \\n \\u0041 `$(x)` %s %1$s %00 {{y}} {0} $& $$ $' $1 <b title='a'>&amp;&lt;&#39;</b> a=1&b=%C3%A9+%2B&c[]=\u00e9",
  ],
  [
    "metadata with unusual characters",
    "\ta\r\nb\n\u0001\u007f\u0085 Zoe\u0308 \ufb01 \u738b \u0627\u0644 \u0e01 \u0130\u0131\u00df \u202e\u200b\ufeff \u{1f469}\u200d\u{1f4bb}\u{20000}",
  ],
  ["metadata with spaces at both ends", "  a  b\u00a0\u3000 "],
  ["metadata of 2,048 characters with 4 bytes each", "\u{1f4b3}".repeat(2048)],
];

const KINDS: readonly (readonly [label: string, change: RequestBody])[] = [
  ["a card", {}],
  ["a declined card", FAILING_CARD],
  ["a card with 3-D Secure", CHALLENGED_CARD],
];

/** A vaulting, with the metadata that messages about it must return. */
interface VaultingWithMetadata {
  /** Describes the vaulting, for example `a vaulting with empty metadata and a declined card`. */
  readonly label: string;
  readonly id: string;
  readonly metadata: string | undefined;
  readonly response: Exchange;
  readonly inquiry: Exchange;
  readonly inbox: Inbox | undefined;
}

/** Vaults each kind of card with each text, once for all checks. The IDs also contain unusual characters. */
const getVaultings = (client: TargetClient): Promise<readonly VaultingWithMetadata[]> =>
  client.once("metadata", async () => {
    const listener = client.target.capabilities?.includes("notifications") ? await client.getListener() : undefined;
    const vaultings: VaultingWithMetadata[] = [];
    // Sends one kind after another, because a target can be slow.
    for (const [index, [kind, change]] of KINDS.entries()) {
      const sent = TEXTS.map(async ([text, value]): Promise<VaultingWithMetadata> => {
        const metadata = typeof value === "object" ? value[index] : value;
        const id = `${client.createId()} <\u00e9>&'"\\%2B+\u{1f4b3} `;
        const inbox = listener?.createInbox();
        const url = inbox ? { vaultingNotificationUrl: inbox.url } : {};
        const response = await vault(client, id, { ...change, ...url, metadata });
        return {
          label: `a vaulting with ${text} and ${kind}`,
          id,
          metadata,
          response,
          inquiry: await inquire(client, id),
          inbox,
        };
      });
      vaultings.push(...(await Promise.all(sent)));
    }
    return vaultings;
  });

/** Returns the name of the field whose value differs from the request, or `undefined`. A message may omit empty metadata. */
function findChange({ body }: Exchange | Notification, { id, metadata }: VaultingWithMetadata): string | undefined {
  if (getField(body, "vaultingRequestId") !== id) return "vaultingRequestId";
  const actual = getField(body, "metadata");
  return actual === metadata || (metadata === "" && actual === undefined) ? undefined : "metadata";
}

/** Returns whether the vaulting has one of the statuses. */
const hasStatus = ({ inquiry }: VaultingWithMetadata, ...statuses: readonly string[]): boolean =>
  statuses.includes(String(getVaultingStatus(inquiry)));

async function expectUnchangedInInquiries(client: TargetClient): Promise<void> {
  const vaultings = (await getVaultings(client)).filter((one) => hasStatus(one, "SUCCESS", "FAIL", "PROCESSING"));
  if (vaultings.length === 0) throw new CheckSkipped("The target creates no vaultings with metadata.");
  for (const vaulting of vaultings) {
    const change = findChange(vaulting.inquiry, vaulting);
    if (change)
      fail(
        vaulting.inquiry,
        `Inquiry about ${vaulting.label} does not return the ${change} from the request unchanged.`,
      );
  }
}

async function expectUnchangedInNotifications(client: TargetClient): Promise<void> {
  const vaultings = (await getVaultings(client)).filter((one) => hasStatus(one, "SUCCESS", "FAIL"));
  await Promise.all(vaultings.map(({ inbox }) => inbox?.waitFor(1)));
  const notified = vaultings.filter(({ inbox }) => inbox?.received[0]);
  if (notified.length === 0) throw new CheckSkipped("The target sent no notification.");
  for (const vaulting of vaultings) {
    const { label, response, inbox } = vaulting;
    const [notification] = inbox?.received ?? [];
    if (!notification)
      fail(
        response,
        `No notification was sent about ${label}, although notifications were sent about other vaultings.`,
      );
    const change = findChange(notification, vaulting);
    if (change)
      failNotification(
        notification,
        `Notification about ${label} does not contain the ${change} from the request unchanged.`,
      );
  }
}

const TITLE = "the metadata and the ID from the request unchanged, regardless of their content";
const SOURCE = "/components/schemas/Metadata";

export const createMetadataChecks = (operation: OperationId): readonly Check[] =>
  selectStateChecks(
    operation,
    [{ id: "inquireVaulting.metadata.unchanged", title: `returns ${TITLE}`, run: expectUnchangedInInquiries }],
    SOURCE,
  );

export const createNotifiedMetadataCheck = (): Check => ({
  id: "notifyVaulting.metadata.unchanged",
  operation: "notifyVaulting",
  title: `sends ${TITLE}`,
  source: SOURCE,
  requires: ["state", "notifications"],
  run: expectUnchangedInNotifications,
});
