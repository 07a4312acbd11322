import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DCLinter } from "dclint";
import { validate } from "dockerfile-utils";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { readContainerfile } from "./containerfile.ts";

/** The part of a dclint result that the tests use. dclint's types do not resolve in an ES module. */
interface LintedFile {
  readonly messages: readonly { readonly rule: string; readonly message: string }[];
}

const root = join(import.meta.dirname, "..", "..");
const example = join(root, "examples", "container");
const text = readFileSync(join(example, "Containerfile"), "utf8");
const composeFile = join(example, "compose.yaml");

describe("examples/container/Containerfile", () => {
  test("is valid", () => {
    expect(validate(text)).toEqual([]);
    expect(validate(text.replace("HEALTHCHECK --interval", "HEALTHCHECK --interval-x"))).toHaveLength(1);
  });

  test("uses the versions that the package is tested with", () => {
    const { version, devDependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    expect(text).toContain(`\nFROM node:${devDependencies.node}-slim\n`);
    expect(text).toContain(`\nARG PACKAGE=antom-vault@${version}\n`);
    const installed = [...text.matchAll(/ ((?:@[\w-]+\/)?[\w-]+)@(\d\S*)/g)].map(([, name = "", pinned]) => [
      name,
      pinned,
    ]);
    expect(installed.map(([name = ""]) => [name, devDependencies[name]])).toEqual(installed);
    expect(installed).toHaveLength(4);
  });
});

describe("readContainerfile", () => {
  test("returns the instructions", () => {
    const { runs, variables, ...image } = readContainerfile(text);
    expect(runs).toEqual([expect.stringMatching(/^npm install --ignore-scripts /), expect.stringContaining(" /data")]);
    expect(variables.map(([name]) => name)).toEqual(["PACKAGE", "PATH", "PORT"]);
    expect(image).toEqual({
      workingDirectory: "/app",
      user: { uid: 1000, gid: 1000 },
      healthCheck: ["node", "--eval", expect.stringContaining("/_sandbox/health")],
      entryPoint: ["sh", "-c", expect.stringMatching(/^exec antom-vault sandbox --data \/data /), "sandbox"],
    });
  });

  test.each([
    ["a user name instead of numbers", text.replace("USER 1000:1000", "USER node"), "USER must be numeric"],
    ["no user", text.replace("USER 1000:1000", ""), "must have exactly one USER"],
    ["two ENTRYPOINT instructions", `${text}ENTRYPOINT ["sh"]\n`, "must have exactly one ENTRYPOINT"],
    ["an ENTRYPOINT that is not a list", text.replace(/^ENTRYPOINT .*$/m, 'ENTRYPOINT "sh"'), "must use the exec form"],
  ])("rejects %s", (_, changed, message) => {
    expect(() => readContainerfile(changed)).toThrow(message);
  });
});

describe("examples/container/compose.yaml", () => {
  const lint = (file: string) =>
    new DCLinter({ rules: {}, quiet: false, debug: false, exclude: [] })
      .lintFiles([file], false)
      .flatMap(({ messages }: LintedFile) => messages.map(({ rule, message }) => `${rule}: ${message}`));

  test("matches the Compose Specification", () => {
    expect(lint(composeFile)).toEqual([]);
    const directory = mkdtempSync(join(tmpdir(), "antom-vault-compose-"));
    try {
      const changed = join(directory, "compose.yaml");
      writeFileSync(
        changed,
        readFileSync(composeFile, "utf8").replace("condition: service_healthy", "condition: healthy"),
      );
      expect(lint(changed)).toEqual([expect.stringContaining("invalid-schema")]);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  test("starts the sandbox after the database, and stores the data of both services in volumes", () => {
    const { services, volumes } = parse(readFileSync(composeFile, "utf8"));
    expect(services.sandbox.depends_on).toEqual({ database: { condition: "service_healthy" } });
    const [keys, vaultings] = [services.sandbox.volumes, services.database.volumes].map(
      ([volume]) => volume.split(":")[0],
    );
    expect(volumes).toEqual({ [keys]: null, [vaultings]: null });
    // With its default command, PostgreSQL confirms a transaction only after writing it to disk.
    expect(services.database).not.toHaveProperty("command");
  });
});
