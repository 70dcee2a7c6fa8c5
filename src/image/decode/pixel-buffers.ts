/** The most memory that is kept for images to come, in bytes. */
const mostKept = 32 * 2 ** 20

const idle: Uint8Array[] = []
let kept = 0

/**
 * Memory for the pixels of one image, of `bytes` bytes or more, with anything in it. What `giveBack` brings is used again: memory that is
 * taken anew for each image stays with the process until the garbage is collected.
 */
export function acquireBuffer(bytes: number): Uint8Array {
  const index = idle.findIndex(({ length }) => length >= bytes)
  const [found] = index < 0 ? [] : idle.splice(index, 1)
  if (!found) return new Uint8Array(bytes)
  kept -= found.length
  return found
}

/** The buffer must not be used any more. */
export function releaseBuffer(buffer: Uint8Array): void {
  if (buffer.length > mostKept) return
  idle.push(buffer)
  kept += buffer.length
  while (kept > mostKept) kept -= idle.shift()?.length ?? 0
}
