/** Reads the Containerfile instructions that this project uses. */
import { DockerfileParser } from "dockerfile-ast";

interface Containerfile {
  /** The variables of ARG, followed by those of ENV. A value can refer to an earlier variable. */
  readonly variables: readonly (readonly [name: string, value: string])[];
  readonly workingDirectory: string;
  /** The shell commands of RUN. */
  readonly runs: readonly string[];
  readonly user: { readonly uid: number; readonly gid: number };
  readonly healthCheck: readonly string[];
  readonly entryPoint: readonly string[];
}

/** Parses a Containerfile. @throws {Error} if an instruction is missing or duplicated, or has an unexpected form */
export function readContainerfile(text: string): Containerfile {
  const instructions = DockerfileParser.parse(text).getInstructions();
  const list = (keyword: string) =>
    instructions
      .filter((instruction) => instruction.getKeyword() === keyword)
      .map((instruction) => instruction.getArgumentsContent() ?? "");
  const find = (keyword: string) => {
    const [content, ...more] = list(keyword);
    if (content === undefined || more.length > 0)
      throw new Error(`The Containerfile must have exactly one ${keyword}.`);
    return content;
  };
  const [, uid = "", gid = ""] = /^(\d+):(\d+)$/.exec(find("USER")) ?? [];
  if (uid === "") throw new Error("USER must be numeric: UID:GID.");
  return {
    variables: [...list("ARG"), ...list("ENV")].flatMap((content) =>
      Array.from(content.matchAll(/(\w+)=(\S+)/g), ([, name = "", value = ""]) => [name, value] as const),
    ),
    workingDirectory: find("WORKDIR"),
    runs: list("RUN"),
    user: { uid: Number(uid), gid: Number(gid) },
    healthCheck: parseProgram(find("HEALTHCHECK").replace(/^CMD /, "")),
    entryPoint: parseProgram(find("ENTRYPOINT")),
  };
}

/** Parses the exec form of an instruction. */
function parseProgram(json: string): readonly string[] {
  const value: unknown = JSON.parse(json);
  if (Array.isArray(value) && value.every((part) => typeof part === "string")) return value;
  throw new Error("HEALTHCHECK and ENTRYPOINT must use the exec form.");
}
