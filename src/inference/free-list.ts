interface Block {
  readonly offset: number
  readonly bytes: number
}

/** Which parts of a memory are free, in the order in which they lie; neighbours are one. */
export class FreeList {
  #blocks: Block[] = []

  /** The offset of the first room for `bytes`, which is taken; undefined where there is none. */
  take(bytes: number): number | undefined {
    const index = this.#blocks.findIndex((block) => block.bytes >= bytes)
    const block = this.#blocks[index]
    if (!block) return undefined
    const rest = { offset: block.offset + bytes, bytes: block.bytes - bytes }
    this.#blocks.splice(index, 1, ...(rest.bytes > 0 ? [rest] : []))
    return block.offset
  }

  /** Gives back what was taken, or adds new memory. */
  give(offset: number, bytes: number): void {
    const next = this.#blocks.findIndex((block) => block.offset > offset)
    const index = next === -1 ? this.#blocks.length : next
    const before = this.#blocks[index - 1]
    const after = this.#blocks[index]
    const joinsBefore = before !== undefined && before.offset + before.bytes === offset
    const joinsAfter = after?.offset === offset + bytes
    const start = joinsBefore ? before.offset : offset
    const end = joinsAfter ? after.offset + after.bytes : offset + bytes
    const from = joinsBefore ? index - 1 : index
    const joined = Number(joinsBefore) + Number(joinsAfter)
    this.#blocks.splice(from, joined, { offset: start, bytes: end - start })
  }

  /** The bytes that are free at the end of a memory of `size`. */
  freeAtEnd(size: number): number {
    const last = this.#blocks.at(-1)
    return last && last.offset + last.bytes === size ? last.bytes : 0
  }
}
