import type { ConfigArgument, RecordedCall } from '../../bridge/index.js'
import { callerTypeError, wrongType } from '../../errors.js'
import { nearestOption } from '../../nearest-name.js'
import { isPlainObject } from '../../options/index.js'
import { recorderOf } from './call-recorder.js'
import { nativeMethods, wheels, type NativeMethod } from './native-methods.js'

/** One argument of a setter: its check and encoding for the bridge, and paddle's default. */
export interface Param<T> {
  readonly name: string
  /** @throws TypeError or RangeError */
  readonly encode: (value: unknown) => ConfigArgument
  /** Paddle's default; if undefined, the argument is required. */
  readonly fallback?: T | undefined
}

export interface SetSpec<Args extends readonly unknown[]> {
  readonly kind: 'set'
  /** Paddle's names of the method, newest first; the first one that the wheel has is called. */
  readonly methods: readonly NativeMethod[]
  readonly params: { readonly [Index in keyof Args]: Param<Args[Index]> }
  /** Whether the arguments may be passed by name, in one object. */
  readonly byName: boolean
}

export interface ReadSpec {
  readonly kind: 'read'
  readonly methods: readonly NativeMethod[]
}

export type MethodSpec = SetSpec<readonly unknown[]> | ReadSpec

/** The table that implements an interface: a spec per method, with the method's parameters. */
export type Table<Interface> = {
  readonly [Name in keyof Interface]-?: Interface[Name] extends (...args: infer Args) => infer Result
    ? Result extends Promise<unknown>
      ? ReadSpec
      : SetSpec<Required<Args>>
    : never
}

type Names = NativeMethod | readonly [NativeMethod, ...NativeMethod[]]

/** A setter. */
export function sets<Args extends readonly unknown[]>(
  methods: Names,
  ...params: { readonly [Index in keyof Args]: Param<Args[Index]> }
): SetSpec<Args> {
  return { kind: 'set', methods: asList(methods), params, byName: false }
}

/** A setter that also accepts its arguments by name. */
export function setsByName<Args extends readonly unknown[]>(
  methods: Names,
  ...params: { readonly [Index in keyof Args]: Param<Args[Index]> }
): SetSpec<Args> {
  return { kind: 'set', methods: asList(methods), params, byName: true }
}

/** A getter. */
export function reads(methods: Names): ReadSpec {
  return { kind: 'read', methods: asList(methods) }
}

function asList(methods: Names): readonly NativeMethod[] {
  return typeof methods === 'string' ? [methods] : methods
}

/** Adds the methods of a table to a class. `through` is the path to the class: `passBuilder().`. */
export function defineMethods(
  target: { prototype: object },
  table: Readonly<Record<string, MethodSpec>>,
  through = '',
): void {
  for (const [name, spec] of Object.entries(table)) {
    const value =
      spec.kind === 'set'
        ? function (this: object, ...args: unknown[]): object {
            recorderOf(this).record(callOf(through + name, spec, argumentsFor(name, spec, args)))
            return this
          }
        : function (this: object): Promise<unknown> {
            return recorderOf(this).read(callOf(through + name, spec, []))
          }
    Object.defineProperty(value, 'name', { value: name })
    Object.defineProperty(target.prototype, name, { value, writable: true, configurable: true })
  }
}

/** Creates the record of a call. */
export function callOf(
  name: string,
  { methods }: Pick<MethodSpec, 'methods'>,
  args: readonly ConfigArgument[],
): RecordedCall {
  return { name, methods, args, versions: versionsWith(methods) }
}

/** The wheels that have one of the methods: `paddle 3.2.2 and 3.3.1`. */
export function versionsWith(methods: readonly NativeMethod[]): string {
  const having = wheels.filter((wheel) =>
    methods.some((method) => (nativeMethods[method] as readonly string[]).includes(wheel)),
  )
  const [last, ...others] = having.toReversed()
  return others.length === 0
    ? `paddle ${last ?? '?'}`
    : `paddle ${others.toReversed().join(', ')} and ${last ?? '?'}`
}

/**
 * Checks and encodes the arguments. Omitted trailing arguments are not sent, so that paddle's defaults apply.
 */
export function argumentsFor(
  method: string,
  { params, byName }: SetSpec<readonly unknown[]>,
  args: readonly unknown[],
): ConfigArgument[] {
  if (args.length > params.length) {
    const takes = params.length === 1 ? 'one argument' : `${params.length || 'no'} arguments`
    throw callerTypeError(`${method}() takes ${takes}, got ${args.length}.`)
  }
  const named = byName && isPlainObject(args[0]) ? args[0] : undefined
  if (named && args.length > 1)
    throw callerTypeError(`${method}() takes arguments by name in one object, got ${args.length} arguments.`)
  const values = named ? inOrder(method, params, named) : args
  const given = values.findLastIndex((value) => value !== undefined) + 1
  return params.flatMap((param, index) => {
    if (index >= given && param.fallback !== undefined) return []
    const value = values[index] ?? param.fallback
    if (value === undefined || values[index] === null) throw missing(param, values[index])
    return [param.encode(value)]
  })
}

function inOrder(
  method: string,
  params: readonly Param<unknown>[],
  named: Readonly<Record<string, unknown>>,
): unknown[] {
  const known = params.map(({ name }) => name)
  const other = Object.keys(named).find((name) => !known.includes(name))
  if (other !== undefined) {
    const meant = nearestOption(other, known)
    throw callerTypeError(`${method}() has no argument \`${other}\`.${meant} It takes ${known.join(', ')}.`)
  }
  return known.map((name) => named[name])
}

/** The error of the argument's check for a missing value. */
function missing({ name, encode }: Param<unknown>, value: unknown): TypeError {
  try {
    encode(value)
  } catch (error) {
    if (error instanceof TypeError) return error
  }
  return wrongType(name, 'an argument', value)
}
