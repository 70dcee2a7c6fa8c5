/** What a text of JSON holds; undefined where it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Whether it is an object, and no list. */
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

/** Whether it is null, or what `isRight` says. */
export function isNullOr(isRight: Check): Check {
  return (value) => value === null || isRight(value)
}

/** Whether it is a list of such items. */
export function isListOf(isItem: Check): (value: unknown) => value is readonly unknown[] {
  return (value): value is readonly unknown[] => Array.isArray(value) && value.every((item) => isItem(item))
}

/** Whether it is an object with these fields; it may have others beside. */
export function isRecordOf<Fields>(checks: {
  readonly [Name in keyof Fields]-?: Check
}): (value: unknown) => value is Fields {
  return (value): value is Fields =>
    isRecord(value) && Object.entries<Check>(checks).every(([name, isRight]) => isRight(value[name]))
}
