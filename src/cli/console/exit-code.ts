/**
 * An exit code of the command: 0 for success, 1 if a check or a vaulting failed, 2 for a usage or connection error, 130 if a person
 * interrupted it.
 */
export type ExitCode = 0 | 1 | 2 | 130;
