/** An array type's name, as the type of an object says it in any realm. */
export function arrayTypeOf(value: unknown): string | undefined {
  return ArrayBuffer.isView(value)
    ? Object.prototype.toString.call(value).slice('[object '.length, -1)
    : undefined
}

/** A `Float16Array` as the `Uint16Array` of its bits, over the same memory; anything else as it is. */
export function bitsOfHalves<T>(data: T): T | Uint16Array {
  if (!ArrayBuffer.isView(data) || arrayTypeOf(data) !== 'Float16Array') return data
  return new Uint16Array(data.buffer, data.byteOffset, data.byteLength / 2)
}

const getLength = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Uint8Array.prototype), 'length')

/**
 * How many elements a typed array has now: none once its memory was sent away, or has shrunk below it. A property of that name that was put on
 * the array says nothing.
 */
export function lengthOf(data: ArrayBufferView): number {
  return getLength?.get?.call(data) as number
}
