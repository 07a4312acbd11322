/** The generated clients, and how each client is generated, compiled, and run. The table in `docs/generate-code.md` shows them. */

/**
 * The npm packages of the generators. Each set is installed in a separate directory, because the sets need different versions of the same package.
 */
export const PACKAGES = {
  "openapi-generator-5": ["@openapitools/openapi-generator-cli@1.0.18-5.0.0-beta2", "@types/node@24.19.2"],
  "openapi-generator-4": ["@openapitools/openapi-generator-cli@1.0.18-4.3.1"],
  typescript: [
    "typescript@5.9.3",
    "@types/node@24.19.2",
    "openapi-typescript@7.13.0",
    "openapi-fetch@0.17.0",
    "@hey-api/openapi-ts@0.99.0",
    "orval@8.38.0",
    "zod@4.6.7",
    "msw@2.15.0",
    "@faker-js/faker@10.6.0",
    "@kubb/cli@4.39.3",
    "@kubb/core@4.39.3",
    "@kubb/plugin-oas@4.39.3",
    "@kubb/plugin-ts@4.39.3",
    "@kubb/plugin-client@4.39.3",
    "swagger-typescript-api@13.13.0",
    "oazapfts@7.5.0",
    "@oazapfts/runtime@1.2.0",
    "typed-openapi@2.2.7",
  ],
  "zod-3": [
    "typescript@5.9.3",
    "@types/node@24.19.2",
    "openapi-zod-client@1.18.3",
    "@zodios/core@10.9.6",
    "zod@3.25.76",
    "axios@1.21.1",
  ],
  bruno: ["@usebruno/cli@4.1.0"],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** A generated client. The commands run in a directory with the document and the files of the client's program. */
export interface GeneratedClient {
  readonly language: string;
  /** The generator with its version. */
  readonly generator: string;
  readonly packages: keyof typeof PACKAGES;
  readonly document: string;
  readonly generate: string;
  /** The name of a directory in `programs/`. If `examples/signing/` has a directory with this name, its files are used too. */
  readonly program: string;
  readonly compile: string;
  readonly run: string;
  /** The program's file that signs requests and verifies messages. */
  readonly hook: string;
  /** The programs and files without which the client is skipped, and the Debian packages that contain them. */
  readonly requires: { readonly programs: readonly string[]; readonly debian: string };
  /** A note for the readers of the guide, in Markdown. */
  readonly notes: string;
}

const CODEGEN = "openapi-codegen.json";

const typescript = (
  generator: string,
  name: string,
  generate: string,
  notes: string,
  { packages = "typescript", document = "openapi.json" }: Partial<Pick<GeneratedClient, "packages" | "document">> = {},
): GeneratedClient => ({
  language: "TypeScript",
  generator,
  packages,
  document,
  generate: generate.replace("DOCUMENT", document),
  program: "typescript",
  hook: "signing-fetch.mts",
  compile: `mv ${name}.mts main.mts; tsc; rolldown main.mts --platform node --file main.mjs`,
  run: "node main.mjs",
  requires: { programs: [], debian: "" },
  notes,
});

const openApiGenerator = (
  language: string,
  options: string,
  rest: Pick<GeneratedClient, "program" | "hook" | "run" | "notes"> & Partial<GeneratedClient>,
): GeneratedClient => ({
  language,
  generator: "OpenAPI Generator 5.0.0-beta2",
  packages: "openapi-generator-5",
  document: CODEGEN,
  compile: "",
  generate: `openapi-generator generate -i ${CODEGEN} -o generated ${options}`,
  ...rest,
  requires: {
    programs: ["java", ...(rest.requires?.programs ?? [])],
    debian: `default-jre-headless ${rest.requires?.debian ?? ""}`.trim(),
  },
});

export const CLIENTS: readonly GeneratedClient[] = [
  openApiGenerator("Java", "-g java --library native --additional-properties dateLibrary=java8", {
    program: "java",
    hook: "SigningHttpClient.java",
    compile: "javac -nowarn -d classes -cp '/usr/share/java/*' *.java $(find stubs generated/src/main -name '*.java')",
    run: "java -cp 'classes:/usr/share/java/*' Main",
    requires: {
      programs: ["javac", "/usr/share/java/jackson-databind.jar", "/usr/share/java/jsr305.jar"],
      debian: "default-jdk-headless libjackson2-databind-java libjsr305-java",
    },
    notes: "Interceptors cannot access the body, so override `getHttpClient` of ApiClient.",
  }),
  openApiGenerator("Go", "-g go --package-name vault", {
    generator: "OpenAPI Generator 4.3.1",
    packages: "openapi-generator-4",
    program: "go",
    hook: "signer.go",
    compile: "rm generated/go.*; go vet .; go build -o main .",
    run: "./main",
    requires: { programs: ["go"], debian: "golang-go" },
    notes:
      "The client sends objects that you did not set, so always set `BillingAddress` with its `Region`. It omits fields that are `false`.",
  }),
  openApiGenerator("Python", "-g python --package-name antom_vault", {
    program: "python",
    hook: "signing_pool.py",
    run: "PYTHONPATH=generated /usr/bin/python3 main.py",
    requires: {
      programs: ["cryptography", "dateutil", "urllib3", "certifi", "six.py"].map(
        (name) => `/usr/lib/python3/dist-packages/${name}`,
      ),
      debian: "python3-cryptography python3-dateutil python3-urllib3 python3-certifi python3-six",
    },
    notes: "Add the signature in a pool manager, the only place where the body is already a string.",
  }),
  openApiGenerator("PHP", "-g php", {
    program: "php",
    hook: "main.php",
    run: "php -d error_reporting='E_ALL & ~E_DEPRECATED' main.php",
    requires: {
      programs: ["php", "/usr/share/php/GuzzleHttp/autoload.php"],
      debian: "php-cli php-curl php-mbstring php-guzzlehttp-guzzle",
    },
    notes: "Add the signature in Guzzle middleware. PHP 8.2 reports that the generated code uses deprecated syntax.",
  }),
  openApiGenerator("Ruby", "-g ruby", {
    program: "ruby",
    hook: "main.rb",
    run: "ruby main.rb",
    requires: {
      programs: ["ruby", "/usr/share/rubygems-integration/all/specifications/typhoeus-1.4.0.gemspec"],
      debian: "ruby ruby-typhoeus",
    },
    notes: "Override `build_request` and `deserialize` of ApiClient.",
  }),
  openApiGenerator("TypeScript", "-g typescript-fetch --additional-properties typescriptThreePlus=true", {
    program: "typescript",
    hook: "signing-fetch.mts",
    compile: "mv typescript-fetch.mts main.mts; tsc; rolldown main.mts --platform node --file main.mjs",
    run: "node main.mjs",
    notes: "Fixed lists of values are enumerations, such as `TerminalType.WEB`.",
  }),
  typescript(
    "openapi-typescript 7.13.0",
    "openapi-typescript",
    "openapi-typescript DOCUMENT -o vault-api.ts",
    "Types only. The program calls the API with openapi-fetch.",
  ),
  typescript(
    "@hey-api/openapi-ts 0.99.0",
    "hey-api",
    "openapi-ts -i DOCUMENT -o vault-api -c @hey-api/client-fetch",
    "The names of some types end in 2, such as `VaultPaymentMethodResponse2`.",
  ),
  typescript(
    "orval 8.38.0: fetch, zod, mock",
    "orval",
    "orval --config orval.config.mjs",
    "A mutator calls the signing `fetch`.",
    { document: CODEGEN },
  ),
  typescript("kubb 4.39.3", "kubb", "kubb generate", "Pass a client that uses the signing `fetch` to each call."),
  typescript(
    "swagger-typescript-api 13.13.0",
    "swagger-typescript-api",
    "swagger-typescript-api generate -p DOCUMENT -o . -n vault-api.ts --generate-union-enums",
    "Set `customFetch` to the signing `fetch`.",
  ),
  typescript(
    "oazapfts 7.5.0",
    "oazapfts",
    "oazapfts DOCUMENT vault-api.ts",
    "Set `defaults.fetch`. There is no type for notifications, so use `InquireVaultingResponse`.",
  ),
  typescript(
    "typed-openapi 2.2.7",
    "typed-openapi",
    "typed-openapi DOCUMENT -o vault-api.ts",
    "Types and a small client. Pass the signing `fetch` to the client.",
  ),
  typescript(
    "openapi-zod-client 1.18.3",
    "openapi-zod-client",
    "openapi-zod-client DOCUMENT -o vault-api.ts --export-schemas",
    "Requires zod 3. Configure axios to use the signing `fetch`.",
    { packages: "zod-3" },
  ),
];

/** Formats a row of the table in the guide. */
export const formatGuideRow = ({
  language,
  generator,
  document,
  generate,
  program,
  hook,
  notes,
}: GeneratedClient): string =>
  `| ${language} | ${generator} | \`${document}\` | \`${generate}\` | [${hook}](../scripts/codegen/programs/${program}/${hook}) | ${notes} |`;

/**
 * Formats the commands in the guide: they copy a client's program from a clone of this repository, generate the client, compile the program, and run
 * it.
 */
export const formatGuideSteps = ({ program, packages, generate, compile, run }: GeneratedClient): string =>
  [
    ...["examples/signing", "scripts/codegen/programs"].map((parent) => `cp -r "$CHECKOUT"/${parent}/${program}/. .`),
    `npx --package ${PACKAGES[packages][0]} ${generate}`,
    ...compile.split("; "),
    run.replace("/usr/bin/", ""),
  ]
    .filter(Boolean)
    .join("\n");
