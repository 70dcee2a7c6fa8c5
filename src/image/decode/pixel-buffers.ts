/** The most memory kept for later images, in bytes. */
const mostKept = 32 * 2 ** 20

const idle: Uint8Array[] = []
let kept = 0

/**
 * Returns a buffer of at least `bytes` bytes with undefined contents for the pixels of one image. Reuses what
 * `releaseBuffer` takes back: memory allocated for each image would stay with the process until the next
 * garbage collection.
 */
export function acquireBuffer(bytes: number): Uint8Array {
  const index = idle.findIndex(({ length }) => length >= bytes)
  const [found] = index < 0 ? [] : idle.splice(index, 1)
  if (!found) return new Uint8Array(bytes)
  kept -= found.length
  return found
}

/** Takes a buffer back; do not use it afterwards. */
export function releaseBuffer(buffer: Uint8Array): void {
  if (buffer.length > mostKept) return
  idle.push(buffer)
  kept += buffer.length
  while (kept > mostKept) kept -= idle.shift()?.length ?? 0
}
