/**
 * Reads the inputs of a `.pdmodel` or `__model__`: a `ProgramDesc` of paddle/fluid/framework/framework.proto. Only
 * what is needed of the wire format (https://protobuf.dev/programming-guides/encoding) is read: a library for
 * Protocol Buffers would be larger than this file a hundred times.
 */

/** A field of a message: its number, and its value, a varint or bytes. */
type Field = readonly [number: number, value: number | Uint8Array]

/** The numbers of the fields, from framework.proto. */
const program = { blocks: 1 } as const
const block = { vars: 3, ops: 4 } as const
const operator = { outputs: 2, type: 3 } as const
const slot = { arguments: 2 } as const
const variable = { name: 1, type: 2 } as const
const variableType = { denseTensor: 3 } as const
const denseTensor = { tensor: 1 } as const
const tensorDesc = { dims: 2 } as const

/** The shapes of the inputs, as operators `feed` declare them; none if the bytes are not a program. */
export function declaredInProto(bytes: Uint8Array): readonly (readonly number[])[] {
  try {
    const [first = new Uint8Array()] = all(bytes, program.blocks)
    const fed = all(first, block.ops)
      .filter((each) => textOf(each, operator.type) === 'feed')
      .flatMap((each) => all(each, operator.outputs))
      .map((each) => textOf(each, slot.arguments))
    const variables = new Map(all(first, block.vars).map((each) => [textOf(each, variable.name), each]))
    return fed.flatMap((name) => shapeOf(variables.get(name) ?? new Uint8Array()))
  } catch {
    return []
  }
}

function shapeOf(bytes: Uint8Array): (readonly number[])[] {
  const path = [variable.type, variableType.denseTensor, denseTensor.tensor]
  const tensors = path.reduce<readonly Uint8Array[]>(
    (found, field) => found.flatMap((each) => all(each, field)),
    [bytes],
  )
  return tensors.map((tensor) =>
    fieldsOf(tensor)
      .filter(([number]) => number === tensorDesc.dims)
      .flatMap(([, value]) => (typeof value === 'number' ? value : varintsIn(value))),
  )
}

/** The values of a field that is a message or a text. */
function all(bytes: Uint8Array, field: number): Uint8Array[] {
  return fieldsOf(bytes).flatMap(([number, value]) =>
    number === field && typeof value !== 'number' ? [value] : [],
  )
}

function textOf(bytes: Uint8Array, field: number): string {
  const [first = new Uint8Array()] = all(bytes, field)
  return new TextDecoder().decode(first)
}

function fieldsOf(bytes: Uint8Array): Field[] {
  const reader = new Reader(bytes)
  const fields: Field[] = []
  while (!reader.isDone) {
    const tag = reader.varint()
    const [number, kind] = [tag >> 3, tag & 7]
    if (kind === 0) fields.push([number, reader.varint()])
    else if (kind === 1) reader.bytes(8)
    else if (kind === 2) fields.push([number, reader.bytes(reader.varint())])
    else if (kind === 5) reader.bytes(4)
    else throw new RangeError(`A field of kind ${kind}.`)
  }
  return fields
}

function varintsIn(bytes: Uint8Array): number[] {
  const reader = new Reader(bytes)
  const found: number[] = []
  while (!reader.isDone) found.push(reader.varint())
  return found
}

class Reader {
  readonly #bytes: Uint8Array
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  get isDone(): boolean {
    return this.#at >= this.#bytes.length
  }

  /** A number in 7 bits for each byte, lowest first; of ten bytes, which are negative, as a signed one. */
  varint(): number {
    let short = 0
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = this.#byte()
      short |= (byte & 0x7f) << shift
      if (byte < 0x80) return short
    }
    // Few numbers are larger: this is slow.
    let value = BigInt(short)
    for (let shift = 28n; shift <= 63n; shift += 7n) {
      const byte = this.#byte()
      value |= BigInt(byte & 0x7f) << shift
      if (byte < 0x80) return Number(BigInt.asIntN(64, value))
    }
    throw new RangeError('A number without an end.')
  }

  #byte(): number {
    const byte = this.#bytes[this.#at++]
    if (byte === undefined) throw new RangeError('A number without an end.')
    return byte
  }

  bytes(length: number): Uint8Array {
    const end = this.#at + length
    if (length < 0 || end > this.#bytes.length) throw new RangeError('A field beyond the end.')
    const found = this.#bytes.subarray(this.#at, end)
    this.#at = end
    return found
  }
}
