#!/usr/bin/env node
import { run } from "./program/program.ts";

// It is not an error if the reader of the output stops early, as `head` does.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit(0);
});

// Without this exception, a proxy that the environment specifies would receive the cards that are sent to a local sandbox.
const { env } = process;
const noProxy = env["no_proxy"] === undefined ? "NO_PROXY" : "no_proxy";
if (env[noProxy] !== "*") env[noProxy] = `${env[noProxy] ?? ""},127.0.0.1,localhost,[::1]`;

process.exitCode = await run(process.argv.slice(2), process.stdout, process.stderr);
