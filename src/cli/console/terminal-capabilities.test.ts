import { describe, expect, test } from "vitest";
import { canAnimate, canPrompt, type Env, getWidth, hasColor, isCi } from "./terminal-capabilities.ts";

const TTY = { isTTY: true };
const PIPE = {};

describe("terminal capabilities", () => {
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
  ])("hasColor for %s, with stream %j and environment %j, returns %s", (_, sink, env, expected) => {
    expect(hasColor(sink, env)).toBe(expected);
  });

  test.each<[string, { readonly isTTY?: boolean }, Env, boolean]>([
    ["a terminal", TTY, {}, true],
    ["a pipe", PIPE, {}, false],
    ["CI", TTY, { CI: "true" }, false],
    ["CI=false", TTY, { CI: "false" }, true],
    ["a dumb terminal", TTY, { TERM: "dumb" }, false],
  ])("canAnimate for %s, with stream %j and environment %j, returns %s, and canPrompt differs only for a dumb terminal", (_, sink, env, expected) => {
    expect(canAnimate(sink, env)).toBe(expected);
    expect(canPrompt(sink, sink, { ...env, TERM: "xterm" })).toBe(expected || env["TERM"] === "dumb");
    expect(canPrompt(sink, PIPE, env)).toBe(false);
  });

  test.each([
    [undefined, false],
    ["", false],
    ["0", false],
    ["1", true],
    ["woodpecker", true],
  ])("isCi for CI=%j returns %j", (CI, expected) => {
    expect(isCi({ CI })).toBe(expected);
  });

  test.each<[string, { readonly columns?: number }, Env, number]>([
    ["a terminal", { columns: 120 }, {}, 120],
    ["a terminal of unknown size", { columns: 0 }, {}, 80],
    ["a pipe", {}, {}, 80],
    ["COLUMNS in a pipe", {}, { COLUMNS: "132" }, 132],
    ["COLUMNS over the terminal", { columns: 120 }, { COLUMNS: "40" }, 40],
    ["an invalid COLUMNS", { columns: 120 }, { COLUMNS: "wide" }, 120],
  ])("getWidth for %s, with stream %j and environment %j, returns %s", (_, sink, env, width) => {
    expect(getWidth(sink, env)).toBe(width);
  });
});
