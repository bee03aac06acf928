import { accessSync, constants, mkdirSync } from 'node:fs'
import { StartFault } from './startFault.ts'

/**
 * Makes the data directory if it is not there yet: the secret, the sandbox and our own database live in it.
 *
 * @throws StartFault when nothing can be written there
 */
export function openDataDirectory(path: string): void {
  try {
    mkdirSync(path, { recursive: true })
    accessSync(path, constants.W_OK | constants.X_OK)
  } catch (cause) {
    throw new StartFault({
      problem: `The data directory ${path} cannot be written${reasons[codeOf(cause)] ?? ''}.`,
      fix:
        fixes[codeOf(cause)] ??
        `Make it a directory that you own (chown -R "$USER" ${path}), or set DATA_DIR to one that is.`,
      cause,
    })
  }
}

const reasons: Readonly<Record<string, string>> = {
  EROFS: ': it is on a file system that can only be read',
  ENOSPC: ': the disk is full',
  EDQUOT: ': the quota of this user on the disk is used up',
  ENOTDIR: ': there is a file where a directory belongs',
  EEXIST: ': there is a file where a directory belongs',
  EACCES: ': this user is not allowed to',
  EPERM: ': this user is not allowed to',
}

const fixes: Readonly<Record<string, string>> = {
  EROFS: 'Set DATA_DIR to a directory on a volume that can be written.',
  ENOSPC: 'Make room, or set DATA_DIR to a directory on another volume.',
  EDQUOT: 'Make room, or set DATA_DIR to a directory on another volume.',
  ENOTDIR: 'Set DATA_DIR to a directory.',
  EEXIST: 'Set DATA_DIR to a directory.',
}

function codeOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : ''
}
