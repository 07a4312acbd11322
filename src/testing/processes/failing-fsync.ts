/** Builds a library that makes disk flushes fail. A child process preloads the library. */
import { spawnSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export interface FailingSync {
  /** The environment variables that the child process needs. */
  readonly env: Readonly<Record<string, string>>;
  /** Makes flushes of files whose paths end with `ending` fail with EIO. */
  readonly fail: (ending: string) => void;
  readonly recover: () => void;
}

const SOURCE = `
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int fails(int fd) {
  char ending[256] = "", link[64], path[4096];
  const char *control = getenv("FAILING_SYNC");
  FILE *file = control ? fopen(control, "r") : NULL;
  if (!file) return 0;
  if (!fgets(ending, sizeof ending, file)) ending[0] = 0;
  fclose(file);
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0 || !ending[0]) return 0;
  path[length] = 0;
  size_t wanted = strlen(ending);
  if ((size_t)length < wanted || strcmp(path + length - wanted, ending)) return 0;
  errno = EIO;
  return 1;
}

int fsync(int fd) {
  if (fails(fd)) return -1;
  return ((int (*)(int))dlsym(RTLD_NEXT, "fsync"))(fd);
}

int fdatasync(int fd) {
  if (fails(fd)) return -1;
  return ((int (*)(int))dlsym(RTLD_NEXT, "fdatasync"))(fd);
}
`;

/** Builds the library in a directory. Returns `undefined` if the system is not Linux, or if the C compiler is missing or fails. */
export function buildFailingSync(directory: string): FailingSync | undefined {
  if (process.platform !== "linux") return undefined;
  const [source, library, control] = [
    join(directory, "sync.c"),
    join(directory, "sync.so"),
    join(directory, "control"),
  ];
  writeFileSync(source, SOURCE);
  const { status } = spawnSync("cc", ["-shared", "-fPIC", "-o", library, source, "-ldl"]);
  if (status !== 0) return undefined;
  return {
    env: { LD_PRELOAD: library, FAILING_SYNC: control },
    fail: (ending) => writeFileSync(control, ending),
    recover: () => rmSync(control, { force: true }),
  };
}
