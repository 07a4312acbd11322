#!/usr/bin/env node
import { run } from "./program/program.ts";

// Whoever reads us may stop early (`| head`): that ends us, and is no error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit(0);
});

process.exitCode = await run(process.argv.slice(2), process.stdout, process.stderr);
