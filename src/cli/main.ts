#!/usr/bin/env node
import { run } from "./program/program.ts";

// A reader that stops early, such as `| head`, is not an error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit(0);
});

process.exitCode = await run(process.argv.slice(2), process.stdout, process.stderr);
