import { existsSync, lstatSync, readlinkSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { codeOf } from './errors.js'

/** Why a file or folder could not be written, and what to do. */
export interface WriteFailure {
  /** To follow “cannot be written”: `(ENOSPC): the disk is full`; without an explanation: `(EPIPE)`. */
  readonly why: string
  /** What removes the cause, to start a sentence: `Free disk space`; undefined if only another path helps. */
  readonly remedy: string | undefined
  /** The advice, which ends with `instead`: `Free disk space, or use another file.` */
  readonly advice: string
}

type Cause = readonly [why: string, remedy?: string]

const causes: Readonly<Record<string, Cause>> = {
  ENOSPC: ['the disk is full', 'Free disk space'],
  EDQUOT: ['the quota of the disk is used up', 'Free disk space'],
  EFBIG: ['a file may not be larger: ulimit -f', 'Raise the limit (ulimit -f)'],
  EACCES: ['permission is denied', 'Change its permissions'],
  EPERM: ['permission is denied', 'Change its permissions'],
  EROFS: ['the file system is read-only'],
  EISDIR: ['it is a folder'],
  EEXIST: ['a file has this name'],
  ENOTDIR: ['a part of its path is a file'],
  ENAMETOOLONG: ['the name is too long', 'Use a shorter name'],
  EPIPE: ['the process that read it has ended'],
  ELOOP: ['it is a link that refers to itself'],
}

/**
 * Explains a failed write, in the same words for every kind of file.
 *
 * @param instead - what may be used in its place: `another file`
 */
export function writeFailure(path: string, error: unknown, instead = 'another file'): WriteFailure {
  const code = codeOf(error) ?? 'unknown error'
  const [why, remedy] = causeOf(code, path)
  return {
    why: why === undefined ? `(${code})` : `(${code}): ${why}`,
    remedy,
    advice: remedy === undefined ? `Use ${instead}.` : `${remedy}, or use ${instead}.`,
  }
}

function causeOf(code: string, path: string): Cause | readonly [] {
  if (code === 'ENOENT') return missingFolder(path)
  if (code === 'ENXIO' && statSync(path, { throwIfNoEntry: false })?.isFIFO() === true)
    return ['no process reads this pipe', 'Start the process that reads it']
  return causes[code] ?? []
}

/** The cause of ENOENT; the folder may exist, as in /proc. */
function missingFolder(path: string): Cause | readonly [] {
  const folder = dirname(path)
  if (!existsSync(folder)) {
    // The folder itself, or one above it, may be a link.
    const broken = brokenLinkIn(folder)
    return broken === undefined
      ? [`the folder ${folder} does not exist`, 'Create the folder']
      : [`${broken} is a link to ${readlinkSync(broken)}, which does not exist`, 'Create what it links to']
  }
  if (!isLink(path)) return []
  const target = resolve(folder, readlinkSync(path))
  return [`it is a link to ${target}, whose folder does not exist`, `Create the folder ${dirname(target)}`]
}

/** The nearest part of a path that does not exist, if it is a link. */
function brokenLinkIn(path: string): string | undefined {
  if (isLink(path)) return path
  const above = dirname(path)
  return above === path || existsSync(above) ? undefined : brokenLinkIn(above)
}

function isLink(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ?? false
}
