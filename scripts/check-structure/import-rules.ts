/** The layers of the source, and the imports that each directory may contain. CONTRIBUTING.md explains them. */

/** The directories that a directory may import, in addition to itself, `generated/`, and npm packages. */
interface ImportRule {
  /** A directory, or a file without its extension. A rule for a nested directory applies in addition to the outer rule. */
  readonly from: string;
  readonly mayImport: readonly string[];
}

const SHARED = ["protocol", "cards", "html", "control-api"];

/** The layers of `src`, lowest first. */
const LAYERS: readonly ImportRule[] = [
  { from: "protocol", mayImport: [] },
  { from: "html", mayImport: [] },
  { from: "machine", mayImport: [] },
  { from: "cards", mayImport: ["protocol"] },
  { from: "control-api", mayImport: ["protocol"] },
  { from: "signature", mayImport: ["protocol"] },
  { from: "client", mayImport: ["protocol", "cards", "signature"] },
  { from: "notification", mayImport: ["protocol", "cards", "signature"] },
  { from: "gateway", mayImport: ["protocol", "cards", "machine", "signature"] },
  { from: "index", mayImport: ["protocol", "cards", "signature", "client"] },
  { from: "mock", mayImport: ["protocol", "machine", "signature", "gateway"] },
  { from: "contract", mayImport: [...SHARED, "machine", "signature", "client", "gateway"] },
  { from: "sandbox", mayImport: [...SHARED, "machine", "signature", "gateway"] },
  {
    from: "cli",
    mayImport: [
      ...SHARED,
      "machine",
      "signature",
      "client",
      "notification",
      "gateway",
      "index",
      "mock",
      "contract",
      "sandbox",
    ],
  },
];

/** The layers inside `contract`, `sandbox`, and `cli`. The files directly in `contract` and `sandbox` combine these layers. */
const INNER_LAYERS: readonly ImportRule[] = [
  { from: "contract/model", mayImport: [] },
  { from: "contract/document", mayImport: ["contract/model"] },
  { from: "contract/report", mayImport: ["contract/model"] },
  { from: "contract/rules", mayImport: ["contract/model", "contract/document"] },
  { from: "contract/conversation", mayImport: ["contract/model", "contract/document", "contract/rules"] },
  {
    from: "contract/checks",
    mayImport: ["contract/model", "contract/document", "contract/rules", "contract/conversation"],
  },
  {
    from: "contract/run",
    mayImport: ["contract/model", "contract/document", "contract/rules", "contract/conversation", "contract/checks"],
  },
  {
    from: "contract/traffic",
    mayImport: ["model", "document", "rules", "conversation", "checks", "report"].map((name) => `contract/${name}`),
  },
  { from: "sandbox/vaulting", mayImport: [] },
  { from: "sandbox/time", mayImport: [] },
  { from: "sandbox/switches", mayImport: [] },
  { from: "sandbox/access", mayImport: [] },
  { from: "sandbox/store", mayImport: ["sandbox/vaulting"] },
  { from: "sandbox/call-log", mayImport: ["sandbox/store"] },
  { from: "sandbox/identities", mayImport: ["sandbox/store"] },
  { from: "sandbox/notifier", mayImport: ["sandbox/store", "sandbox/switches", "sandbox/time"] },
  { from: "sandbox/buyer-pages", mayImport: ["sandbox/access", "sandbox/store", "sandbox/vaulting"] },
  {
    from: "sandbox/control",
    mayImport: ["vaulting", "time", "switches", "call-log", "access", "store", "identities", "notifier"].map(
      (name) => `sandbox/${name}`,
    ),
  },
  {
    from: "sandbox/dashboard",
    mayImport: ["sandbox/control", "sandbox/access", "sandbox/switches", "sandbox/vaulting"],
  },
  { from: "cli/console", mayImport: [] },
  { from: "cli/completion", mayImport: [] },
  { from: "cli/inputs", mayImport: ["cli/console"] },
  { from: "cli/notifications", mayImport: ["cli/console"] },
  { from: "cli/calling", mayImport: ["cli/console", "cli/inputs", "cli/notifications"] },
  { from: "cli/contract-run", mayImport: ["cli/console", "cli/inputs", "cli/notifications", "cli/calling"] },
  { from: "cli/situations", mayImport: ["cli/console", "cli/inputs", "cli/notifications", "cli/calling"] },
  {
    from: "cli/commands",
    mayImport: ["console", "completion", "inputs", "notifications", "calling", "contract-run", "situations"].map(
      (name) => `cli/${name}`,
    ),
  },
  { from: "cli/program", mayImport: ["cli/console", "cli/inputs", "cli/notifications", "cli/commands"] },
  { from: "cli/main", mayImport: ["cli/program"] },
];

/** The only files of these directories that other directories may import. */
const ENTRY_POINTS: Readonly<Record<string, readonly string[]>> = {
  signature: ["index"],
  client: ["index"],
  notification: ["index", "node"],
  gateway: ["index", "private-files"],
  mock: ["index"],
  contract: ["index", "report/index", "traffic/index"],
  sandbox: ["index"],
};

/** npm packages that only certain directories or files may import. */
const PACKAGE_OWNERS: Readonly<Record<string, string>> = {
  "openapi-fetch": "^src/client/",
  "@stoplight/prism-http": "^src/mock/prism\\.ts$",
  "openapi-typescript": "^scripts/generate\\.ts$",
  "node-forge": "^src/gateway/tls-certificates\\.ts$",
  commander: "^src/cli/(program/|completion/|commands/completion|console/wrap-text)",
};

const TESTS = "\\.test(-d)?\\.ts$|^src/testing/";

/** Returns a pattern for the files of a directory, or for a single file. */
const matchDirectory = (name: string): string => `^src/${name}(/|\\.ts$)`;

/** Creates a rule that forbids imports of all files in `scope`, except the allowed ones. */
const createLayerRule = ({ from, mayImport }: ImportRule, scope: string) => ({
  name: `${from} must not import this`,
  severity: "error" as const,
  from: { path: matchDirectory(from), pathNot: TESTS },
  to: { path: `^src/${scope}`, pathNot: [from, ...mayImport].map(matchDirectory) },
});

export const importRules = {
  forbidden: [
    { name: "no import cycles", severity: "error" as const, from: {}, to: { circular: true } },
    ...LAYERS.map((rule) => createLayerRule(rule, "")),
    ...INNER_LAYERS.map((rule) => createLayerRule(rule, `${rule.from.split("/")[0]}/`)),
    ...Object.entries(ENTRY_POINTS).map(([directory, files]) => ({
      name: `not an entry point of ${directory} (${files.join(", ")})`,
      severity: "error" as const,
      from: { path: "^src/", pathNot: `^src/${directory}/|${TESTS}` },
      to: { path: `^src/${directory}/`, pathNot: `^src/${directory}/(${files.join("|")})\\.ts$` },
    })),
    ...Object.entries(PACKAGE_OWNERS).map(([name, owner]) => ({
      name: `only files that match ${owner} may import ${name}`,
      severity: "error" as const,
      from: { path: "^(src|scripts)/", pathNot: `${owner}|${TESTS}|^scripts/(bench|docs|check-package)` },
      to: { path: `node_modules/${name}/` },
    })),
    {
      name: "sources must not import test helpers, scripts, or tests",
      severity: "error" as const,
      from: { path: "^src/", pathNot: TESTS },
      to: { path: "^(src/testing|scripts|contract-tests)/|\\.test\\.ts$" },
    },
  ],
};
