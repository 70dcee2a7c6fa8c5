/** What files begin with, in Latin-1, and what they are. Control characters are written as `\cC` (3). */
const signatures: readonly (readonly [RegExp, string])[] = [
  [/^%PDF/, 'a PDF'],
  [/^(?:\xef\xbb\xbf)?\s*<(?:!doctype html|html)/i, 'a web page'],
  [/^PK\cC\cD/, 'a ZIP archive'],
  [/^[\c_]\x8b[\b]/, 'a gzip archive'],
  [/^[^]{257}ustar/, 'a tar archive'],
  [/^\x80[\cB-\cE]/, 'a pickle of Python'],
]

/** The bytes needed to recognise a file. */
export const recognisedBytes = 262

/**
 * The kind of a file that often has the name of another, such as the page that a server sends in place of a
 * file.
 *
 * @param beginning - its first bytes, in Latin-1
 */
export function fileKind(beginning: string): string | undefined {
  return signatures.find(([signature]) => signature.test(beginning))?.[1]
}

/** Whether a file is a pointer that Git LFS leaves in place of a large file. */
export function isGitLfsPointer(beginning: string): boolean {
  return beginning.startsWith('version https://gi')
}
