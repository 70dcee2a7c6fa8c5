import { callerTypeError, wrongType } from '../errors.js'
import { nearestOption } from '../nearest-name.js'
import { isPlainObject, type Kind } from './kind.js'

/** An option: its kind and its default. */
export interface Row<Value> extends Kind<Value> {
  readonly default?: Value
  readonly required?: true
}

/** The options of an interface, complete and without extra ones. Errors list them in this order. */
export type Form<Options> = { readonly [Name in keyof Options]-?: Row<Exclude<Options[Name], undefined>> }

type AnyForm = Readonly<Record<string, Row<unknown>>>

/** The options of a form after validation, with their defaults. */
export type Filled<Rows extends AnyForm> = {
  readonly [Name in keyof Rows]:
    | ReturnType<Rows[Name]['check']>
    | (Rows[Name] extends { readonly default: unknown } | { readonly required: true } ? never : undefined)
}

/** An option with a default. */
export function or<Value>(kind: Kind<Value>, fallback: NoInfer<Value>) {
  return { ...kind, default: fallback }
}

/** A required option. */
export function required<Value>(kind: Kind<Value>) {
  return { ...kind, required: true } as const
}

/**
 * Validates options and fills in the defaults. Throws a TypeError or RangeError for an unknown option, which
 * is most likely a typo, and for an invalid value.
 *
 * @param expected - describes the options object in the error if it is not an object
 */
export function checkOptions<Known extends AnyForm>(
  form: Known,
  options: object,
  expected = 'an options object',
): Filled<Known> {
  if (typeof options !== 'object' || (options as unknown) === null)
    throw wrongType('options', expected, options)
  return checkAll(form, { ...options }, '') as Filled<Known>
}

/** A nested object of options. */
export function objectOf<Options>(form: Form<Options>, expected = 'an object of options'): Kind<Options> {
  return {
    type: 'other',
    expected,
    is: isPlainObject,
    check: (name, value, all = expected) => {
      if (!isPlainObject(value)) throw wrongType(name, all, value)
      return checkAll(form, value, name) as Options
    },
  }
}

function checkAll(
  form: AnyForm,
  options: Readonly<Record<string, unknown>>,
  name: string,
): Readonly<Record<string, unknown>> {
  const pathOf = (option: string): string => (name === '' ? option : `${name}.${option}`)
  for (const option of Object.keys(options)) {
    if (Object.hasOwn(form, option)) continue
    const known = Object.keys(form)
    const near = nearestOption(option, known, pathOf)
    const list = `The options${name && ` of \`${name}\``} are ${known.join(', ')}.`
    throw callerTypeError(`Unknown option \`${pathOf(option)}\`.${near} ${list}`)
  }
  const all: Record<string, unknown> = {}
  for (const [option, row] of Object.entries(form)) {
    const given = options[option]
    const value = given === undefined && !row.required ? row.default : row.check(pathOf(option), given)
    if (value !== undefined) all[option] = value
  }
  return all
}

/** Returns the options that are in the form. */
export function pick<Options extends object, Known extends object>(
  form: Known,
  options: Options,
): Pick<Options, keyof Options & keyof Known> {
  return chosen(options, (name) => Object.hasOwn(form, name)) as Pick<Options, keyof Options & keyof Known>
}

/** Returns the options that are not in the form. */
export function omit<Options extends object, Known extends object>(
  form: Known,
  options: Options,
): Omit<Options, keyof Known> {
  return chosen(options, (name) => !Object.hasOwn(form, name)) as Omit<Options, keyof Known>
}

function chosen(options: object, isIn: (name: string) => boolean): object {
  const given = Object.entries(options).filter(([name, value]) => value !== undefined && isIn(name))
  return Object.fromEntries(given)
}
