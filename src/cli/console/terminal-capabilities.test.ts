import { describe, expect, test } from "vitest";
import { canAnimate, canPrompt, type Env, hasColor, isCi } from "./terminal-capabilities.ts";

const TTY = { isTTY: true };
const PIPE = {};

describe("what a terminal can do", () => {
  test.each<[string, { readonly isTTY?: boolean }, Env, boolean]>([
    ["a terminal", TTY, { TERM: "xterm" }, true],
    ["a pipe", PIPE, { TERM: "xterm" }, false],
    ["NO_COLOR", TTY, { NO_COLOR: "1" }, false],
    ["an empty NO_COLOR", TTY, { NO_COLOR: "" }, true],
    ["a dumb terminal", TTY, { TERM: "dumb" }, false],
    ["FORCE_COLOR in a pipe", PIPE, { FORCE_COLOR: "1" }, true],
    ["an empty FORCE_COLOR in a pipe", PIPE, { FORCE_COLOR: "" }, true],
    ["FORCE_COLOR over NO_COLOR", PIPE, { FORCE_COLOR: "1", NO_COLOR: "1" }, true],
    ["FORCE_COLOR=0", TTY, { FORCE_COLOR: "0" }, false],
    ["FORCE_COLOR=false", TTY, { FORCE_COLOR: "false" }, false],
  ])("colours: %s", (_, sink, env, coloured) => {
    expect(hasColor(sink, env)).toBe(coloured);
  });

  test.each<[string, { readonly isTTY?: boolean }, Env, boolean]>([
    ["a terminal", TTY, {}, true],
    ["a pipe", PIPE, {}, false],
    ["a CI", TTY, { CI: "true" }, false],
    ["CI=false", TTY, { CI: "false" }, true],
    ["a dumb terminal", TTY, { TERM: "dumb" }, false],
  ])("what is written over again, and a question: %s", (_, sink, env, can) => {
    expect(canAnimate(sink, env)).toBe(can);
    expect(canPrompt(sink, sink, { ...env, TERM: "xterm" })).toBe(can || env["TERM"] === "dumb");
    expect(canPrompt(sink, PIPE, env)).toBe(false);
  });

  test.each([
    [undefined, false],
    ["", false],
    ["0", false],
    ["1", true],
    ["woodpecker", true],
  ])("CI=%j is a CI: %j", (CI, is) => {
    expect(isCi({ CI })).toBe(is);
  });
});
