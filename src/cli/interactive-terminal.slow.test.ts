import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createTemporaryDirectory, shellCommand } from "../testing/processes/command.ts";
import { NO_TERMINAL, openTerminal } from "../testing/processes/terminal.ts";

const CARD = { number: "4000009900510002", expiry: "11/37", cvv: "9174" };
const ESCAPE = "\u001B";

/** A command, and the terminal's state once it has ended. The shell gets the Ctrl-C too, and is to live on. */
const andEcho = (command: string) => `trap : INT; ${command}; echo "ended $?"; stty -a`;

describe("at a terminal", () => {
  test("the card is asked for and not echoed; colours, a spinner; Ctrl-C ends it with 130", async ({ skip }) => {
    using place = createTemporaryDirectory();
    using terminal = openTerminal(andEcho(`${shellCommand} vault`), { cwd: place.path });
    if (!terminal) return skip(NO_TERMINAL);
    await terminal.waitFor(/Card number: /);
    terminal.type("4000009900510003\r");
    await terminal.waitFor(/check digit is wrong/);
    await terminal.waitFor(/Card number: /);
    terminal.type("4000 0099 0051 00022\u007F\r");
    await terminal.waitFor(/ends in 0002/);
    await terminal.waitFor(/Expiry/);
    terminal.type(`${CARD.expiry}\r`);
    await terminal.waitFor(/CVV/);
    terminal.type(`${CARD.cvv}\r`);
    await terminal.waitFor(/verification_required/);
    await terminal.waitFor(/⠋ Waiting for the buyer \(0 s\)/);
    await terminal.waitFor(/\r.\[K⠙ Waiting for the buyer/);
    terminal.type("\u0003");
    await terminal.waitFor(/ended 130/);
    await terminal.waitFor(/[^-]echo\b/);
    expect(await terminal.ended).toBe(0);
    const shown = terminal.output();
    for (const secret of [CARD.number, "4000", "00990051", CARD.expiry, "1137", CARD.cvv])
      expect(shown).not.toContain(secret);
    expect(shown).toContain(`${ESCAPE}[33m…${ESCAPE}[39m ${ESCAPE}[1mverification_required`);
    expect(shown).toMatch(/http:\/\/127\.0\.0\.1:\d+\/3ds\/\S+/);
    expect(shown).not.toContain("antom-vault:");
  });

  test("Ctrl-C at the prompt ends it with 130, and the terminal echoes again", async ({ skip }) => {
    using place = createTemporaryDirectory();
    using terminal = openTerminal(andEcho(`${shellCommand} vault`), { cwd: place.path });
    if (!terminal) return skip(NO_TERMINAL);
    await terminal.waitFor(/Card number: /);
    terminal.type("40000099\u0003");
    await terminal.waitFor(/ended 130/);
    await terminal.waitFor(/[^-]echo\b/);
    expect(await terminal.ended).toBe(0);
    expect(terminal.output()).not.toContain("4000");
  });

  test("Ctrl-D at the prompt is wrong usage", async ({ skip }) => {
    using place = createTemporaryDirectory();
    using terminal = openTerminal(`${shellCommand} vault`, { cwd: place.path });
    if (!terminal) return skip(NO_TERMINAL);
    await terminal.waitFor(/Card number: /);
    terminal.type("\u0004");
    expect(await terminal.ended).toBe(2);
    expect(terminal.output()).toContain("No card was typed. Use --card FILE, ");
  });

  test("a kill at the prompt gives the terminal back, too", async ({ skip }) => {
    using place = createTemporaryDirectory();
    const command = `sh -c 'echo "pid $$ ."; exec ${shellCommand} vault'; stty -a`;
    using terminal = openTerminal(command, { cwd: place.path });
    if (!terminal) return skip(NO_TERMINAL);
    await terminal.waitFor(/pid \d+ \./);
    await terminal.waitFor(/Card number: /);
    process.kill(Number(/pid (\d+) \./.exec(terminal.output())?.[1]), "SIGTERM");
    await terminal.waitFor(/[^-]echo\b/);
    expect(await terminal.ended).toBe(0);
  });

  test("what is pasted at once answers every question, and the whole way ends with a token", async ({ skip }) => {
    using place = createTemporaryDirectory();
    using terminal = openTerminal(`${shellCommand} vault --json`, { cwd: place.path });
    if (!terminal) return skip(NO_TERMINAL);
    await terminal.waitFor(/Card number: /);
    terminal.type(`4054695723100768\r${CARD.expiry}\r${CARD.cvv}\r`);
    await terminal.waitFor(/"outcome":"vaulted"/);
    expect(await terminal.ended).toBe(0);
    for (const secret of ["4054695723100768", CARD.expiry]) expect(terminal.output()).not.toContain(secret);
  });

  test.for([
    ["NO_COLOR", { NO_COLOR: "1" }],
    ["a dumb terminal", { TERM: "dumb" }],
    ["FORCE_COLOR=0", { FORCE_COLOR: "0" }],
  ] as const)("plain where %s says so", async ([, env], { skip }) => {
    using place = createTemporaryDirectory();
    const command = `${shellCommand} vault --test-card visa`;
    using terminal = openTerminal(command, { cwd: place.path, env });
    if (!terminal) return skip(NO_TERMINAL);
    expect(await terminal.ended).toBe(0);
    expect(terminal.output()).toContain("✓ vaulted");
    expect(terminal.output()).not.toContain(ESCAPE);
  });

  test("in a CI nobody is asked and nothing spins", async ({ skip }) => {
    using place = createTemporaryDirectory();
    const env = { CI: "true" };
    using asking = openTerminal(`${shellCommand} vault`, { cwd: place.path, env });
    if (!asking) return skip(NO_TERMINAL);
    expect(await asking.ended).toBe(2);
    expect(asking.output()).toContain("A card is needed");
    const waiting = `${shellCommand} vault --test-card challenge --timeout 0.5`;
    using spinning = openTerminal(waiting, { cwd: place.path, env });
    expect(await spinning?.ended).toBe(1);
    expect(spinning?.output()).toContain("Waiting for the buyer…");
    expect(spinning?.output()).not.toContain("⠋");
  });

  test("standard input is not read for --card - where it would be echoed", async ({ skip }) => {
    using place = createTemporaryDirectory();
    using terminal = openTerminal(`${shellCommand} vault --card -`, { cwd: place.path });
    if (!terminal) return skip(NO_TERMINAL);
    expect(await terminal.ended).toBe(2);
    expect(terminal.output()).toContain("A terminal would show what you type");
  });

  test("whoever starts a sandbox at a terminal finds its dashboard loaded; a program is spared that", async ({
    skip,
  }) => {
    using place = createTemporaryDirectory();
    const hook = join(place.path, "hook.mjs");
    writeFileSync(
      hook,
      `import { registerHooks } from "node:module";
      const told = (url) => { if (url.endsWith("/dashboard/dashboard.ts")) process.stderr.write("loads the dashboard\\n"); };
      registerHooks({ load: (url, context, next) => { told(url); return next(url, context); } });`,
    );
    const command = `NODE_OPTIONS='--import ${hook}' ${shellCommand} sandbox --port 0 --data`;
    using terminal = openTerminal(`${command} a`, { cwd: place.path });
    if (!terminal) return skip(NO_TERMINAL);
    await terminal.waitFor(/Stop with Ctrl-C/);
    await terminal.waitFor(/loads the dashboard/);
    terminal.type("\u0003");
    using piped = openTerminal(`${command} b > b.txt`, { cwd: place.path });
    await expect
      .poll(() => readFileSync(join(place.path, "b.txt"), "utf8"), { timeout: 20_000 })
      .toContain("Stop with");
    piped?.type("\u0003");
    await piped?.ended;
    expect(piped?.output()).not.toContain("loads the dashboard");
  });

  test("colours are forced into a pipe by FORCE_COLOR alone", async ({ skip }) => {
    using place = createTemporaryDirectory();
    const out = join(place.path, "out.txt");
    const command = `${shellCommand} trigger --list > ${out}; FORCE_COLOR=1 ${shellCommand} trigger --list >> ${out}; cat -v ${out}`;
    using terminal = openTerminal(command, { cwd: place.path });
    if (!terminal) return skip(NO_TERMINAL);
    expect(await terminal.ended).toBe(0);
    const [plain = "", coloured = ""] = terminal.output().split(/ trigger CARD_EXPIRED/);
    expect(plain).not.toContain("^[[");
    expect(coloured).toContain("^[[1mResults^[[22m");
  });
});
