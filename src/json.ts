/** Parses JSON; undefined for a text that is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Whether it is an object, but not an array. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

type Check = (value: unknown) => boolean

export function isText(value: unknown): value is string {
  return typeof value === 'string'
}

export function isNumber(value: unknown): value is number {
  return typeof value === 'number'
}

export function isBoolean(value: unknown): value is boolean {
  return typeof value === 'boolean'
}

/** Accepts null, and whatever `isRight` accepts. */
export function isNullOr(isRight: Check): Check {
  return (value) => value === null || isRight(value)
}

/** Accepts arrays of such items. */
export function isListOf(isItem: Check): (value: unknown) => value is readonly unknown[] {
  return (value): value is readonly unknown[] => Array.isArray(value) && value.every((item) => isItem(item))
}

/** Accepts objects with these fields; they may have others. */
export function isRecordOf<Fields>(checks: {
  readonly [Name in keyof Fields]-?: Check
}): (value: unknown) => value is Fields {
  return (value): value is Fields =>
    isRecord(value) && Object.entries<Check>(checks).every(([name, isRight]) => isRight(value[name]))
}
