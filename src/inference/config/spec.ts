import type { ConfigArgument } from '../../bridge/index.js'
import type { NativeMethod } from './native-methods.js'

/** One argument of a setter: how it is checked, how it is written for the bridge, and paddle's default. */
export interface Param<T> {
  readonly name: string
  /** @throws TypeError or RangeError */
  readonly encode: (value: unknown) => ConfigArgument
  /** Left out: the argument must be given. */
  readonly fallback?: T | undefined
}

export interface SetSpec<Args extends readonly unknown[]> {
  readonly kind: 'set'
  /** Paddle's own names, newest first: the first one that a wheel has is called. */
  readonly methods: readonly NativeMethod[]
  readonly params: { readonly [Index in keyof Args]: Param<Args[Index]> }
  /** Whether the arguments may be given by name, in one object. */
  readonly byName: boolean
}

export interface ReadSpec {
  readonly kind: 'read'
  readonly methods: readonly NativeMethod[]
}

export type MethodSpec = SetSpec<readonly unknown[]> | ReadSpec

/** The table behind an interface: a spec for each of its methods, whose parameters are those of the method. */
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

/** A setter whose arguments may be given by name too. */
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
