/** The first steps, which the dashboard shows while the sandbox has no vaultings. */
import { dirname, join, relative } from "node:path";
import { PAGE } from "../../../control-api/sandbox-paths.ts";
import { exactAttribute, type Markup, markup, nothing } from "../../../html/html-template.ts";
import { shellQuote } from "../../../machine/shell-quote.ts";
import { codeBlock } from "../frame/components.ts";

interface FirstStepsOptions {
  readonly base: string;
  readonly tokenField: Markup;
  /** The path of the credentials file, if there is one. */
  readonly credentialsFile?: string | undefined;
}

export const firstSteps = ({ base, tokenField, credentialsFile }: FirstStepsOptions): Markup =>
  markup`<div class="empty"><p>No vaultings yet</p>
<form method="post" action="${exactAttribute(base + PAGE.send)}">${tokenField}<button name="card" value="visa">Vault a test card</button></form>
${credentialsFile === undefined ? nothing : markup`<p class="quiet">Or run this command:</p>${codeBlock(createVaultCommand(credentialsFile), "command")}`}
<p class="quiet">Or call the sandbox from your program: see the <a href="${exactAttribute(base + PAGE.credentials)}">client ID and keys</a>, and the <a href="${exactAttribute(base + PAGE.cards)}">card for each result</a>. Rejected requests are listed under API calls.</p></div>`;

/** The default data directory of the command. */
const DEFAULT_DATA = join(".antom-vault", "sandbox");

/** Returns the command that vaults a test card in the sandbox with this credentials file. */
export function createVaultCommand(credentialsFile: string): string {
  const data = dirname(credentialsFile);
  const option = relative(process.cwd(), data) === DEFAULT_DATA ? "" : ` --data ${shellQuote(data)}`;
  return `npx antom-vault vault --test-card visa${option}`;
}
