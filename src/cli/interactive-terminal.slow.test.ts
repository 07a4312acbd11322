import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createTemporaryDirectory, shellCommand } from "../testing/processes/command.ts";
import { NO_TERMINAL, openTerminal } from "../testing/processes/terminal.ts";

const CARD = { number: "4000009900510002", expiry: "11/37", cvv: "9174" };
const ESCAPE = "\u001B";

/** Extends a command to print its exit code and the state of the terminal. The trap keeps the shell running, because the shell gets Ctrl-C too. */
const withTerminalState = (command: string) => `trap : INT; ${command}; echo "ended $?"; stty -a`;

describe("antom-vault on a terminal", () => {
  test("prompts for the card without echo, uses colors and a spinner, and exits with 130 on Ctrl-C", async ({
    skip,
  }) => {
    using directory = createTemporaryDirectory();
    using terminal = openTerminal(withTerminalState(`${shellCommand} vault`), { cwd: directory.path });
    if (!terminal) return skip(NO_TERMINAL);
    await terminal.waitFor(/Card number: /);
    terminal.type("4000009900510003\r");
    await terminal.waitFor(/check digit is incorrect/);
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

  test("exits with 130 on Ctrl-C at the prompt and restores the echo", async ({ skip }) => {
    using directory = createTemporaryDirectory();
    using terminal = openTerminal(withTerminalState(`${shellCommand} vault`), { cwd: directory.path });
    if (!terminal) return skip(NO_TERMINAL);
    await terminal.waitFor(/Card number: /);
    terminal.type("40000099\u0003");
    await terminal.waitFor(/ended 130/);
    await terminal.waitFor(/[^-]echo\b/);
    expect(await terminal.ended).toBe(0);
    expect(terminal.output()).not.toContain("4000");
  });

  test("exits with 2 on Ctrl-D at the prompt", async ({ skip }) => {
    using directory = createTemporaryDirectory();
    using terminal = openTerminal(`${shellCommand} vault`, { cwd: directory.path });
    if (!terminal) return skip(NO_TERMINAL);
    await terminal.waitFor(/Card number: /);
    terminal.type("\u0004");
    expect(await terminal.ended).toBe(2);
    expect(terminal.output()).toContain("No valid card was entered. Use --card FILE, ");
  });

  test("restores the echo when it is killed at the prompt", async ({ skip }) => {
    using directory = createTemporaryDirectory();
    const command = `sh -c 'echo "pid $$ ."; exec ${shellCommand} vault'; stty -a`;
    using terminal = openTerminal(command, { cwd: directory.path });
    if (!terminal) return skip(NO_TERMINAL);
    await terminal.waitFor(/pid \d+ \./);
    await terminal.waitFor(/Card number: /);
    process.kill(Number(/pid (\d+) \./.exec(terminal.output())?.[1]), "SIGTERM");
    await terminal.waitFor(/[^-]echo\b/);
    expect(await terminal.ended).toBe(0);
  });

  test("reads one pasted line at each prompt and vaults the card", async ({ skip }) => {
    using directory = createTemporaryDirectory();
    using terminal = openTerminal(`${shellCommand} vault --json`, { cwd: directory.path });
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
  ] as const)("prints plain text with %s", async ([, env], { skip }) => {
    using directory = createTemporaryDirectory();
    const command = `${shellCommand} vault --test-card visa`;
    using terminal = openTerminal(command, { cwd: directory.path, env });
    if (!terminal) return skip(NO_TERMINAL);
    expect(await terminal.ended).toBe(0);
    expect(terminal.output()).toContain("✓ vaulted");
    expect(terminal.output()).not.toContain(ESCAPE);
  });

  test("neither prompts nor shows a spinner in CI", async ({ skip }) => {
    using directory = createTemporaryDirectory();
    const env = { CI: "true" };
    using prompting = openTerminal(`${shellCommand} vault`, { cwd: directory.path, env });
    if (!prompting) return skip(NO_TERMINAL);
    expect(await prompting.ended).toBe(2);
    expect(prompting.output()).toContain("Missing card");
    const waiting = `${shellCommand} vault --test-card challenge --timeout 0.5`;
    using spinning = openTerminal(waiting, { cwd: directory.path, env });
    expect(await spinning?.ended).toBe(1);
    expect(spinning?.output()).toContain("Waiting for the buyer…");
    expect(spinning?.output()).not.toContain("⠋");
  });

  test("rejects --card - on a terminal, which would echo the card", async ({ skip }) => {
    using directory = createTemporaryDirectory();
    using terminal = openTerminal(`${shellCommand} vault --card -`, { cwd: directory.path });
    if (!terminal) return skip(NO_TERMINAL);
    expect(await terminal.ended).toBe(2);
    expect(terminal.output()).toContain("a terminal shows what you type");
  });

  test("preloads the dashboard of a sandbox on a terminal, but not if the output is a file", async ({ skip }) => {
    using directory = createTemporaryDirectory();
    const hook = join(directory.path, "hook.mjs");
    writeFileSync(
      hook,
      `import { registerHooks } from "node:module";
      const report = (url) => { if (url.endsWith("/dashboard/dashboard.ts")) process.stderr.write("loads the dashboard\\n"); };
      registerHooks({ load: (url, context, next) => { report(url); return next(url, context); } });`,
    );
    const command = `NODE_OPTIONS='--import ${hook}' ${shellCommand} sandbox --port 0 --data`;
    using terminal = openTerminal(`${command} a`, { cwd: directory.path });
    if (!terminal) return skip(NO_TERMINAL);
    await terminal.waitFor(/Stop with Ctrl-C/);
    await terminal.waitFor(/loads the dashboard/);
    terminal.type("\u0003");
    using redirected = openTerminal(`${command} b > b.txt`, { cwd: directory.path });
    await expect
      .poll(() => readFileSync(join(directory.path, "b.txt"), "utf8"), { timeout: 20_000 })
      .toContain("Stop with");
    redirected?.type("\u0003");
    await redirected?.ended;
    expect(redirected?.output()).not.toContain("loads the dashboard");
  });

  test("writes colors to a file only with FORCE_COLOR", async ({ skip }) => {
    using directory = createTemporaryDirectory();
    const out = join(directory.path, "out.txt");
    const command = `${shellCommand} trigger --list > ${out}; FORCE_COLOR=1 ${shellCommand} trigger --list >> ${out}; cat -v ${out}`;
    using terminal = openTerminal(command, { cwd: directory.path });
    if (!terminal) return skip(NO_TERMINAL);
    expect(await terminal.ended).toBe(0);
    const [plain = "", colored = ""] = terminal.output().split(/ trigger CARD_EXPIRED/);
    expect(plain).not.toContain("^[[");
    expect(colored).toContain("^[[1mResults^[[22m");
  });
});
