import { callerTypeError, wrongType } from '../errors.js'
import { isPlainObject, type Kind } from './kind.js'

/** An option: what it can be, and what it is where it is left out. */
export interface Row<Value> extends Kind<Value> {
  readonly default?: Value
  readonly required?: true
}

/** The options of an interface: none can be missing, and none too many. Errors list them in this order. */
export type Form<Options> = { readonly [Name in keyof Options]-?: Row<Exclude<Options[Name], undefined>> }

type AnyForm = Readonly<Record<string, Row<unknown>>>

/** What the options of a form are when they have been checked: what has a default is there. */
export type Filled<Rows extends AnyForm> = {
  readonly [Name in keyof Rows]:
    | ReturnType<Rows[Name]['check']>
    | (Rows[Name] extends { readonly default: unknown } | { readonly required: true } ? never : undefined)
}

/** The option is this where it is left out. */
export function or<Value>(kind: Kind<Value>, fallback: NoInfer<Value>) {
  return { ...kind, default: fallback }
}

/** The option cannot be left out. */
export function required<Value>(kind: Kind<Value>) {
  return { ...kind, required: true } as const
}

/**
 * Returns the options that are given, and the defaults of the others; throws a TypeError or RangeError for an option that nobody knows, most likely a
 * slip of the pen, or that cannot be what it is.
 *
 * @param expected - what there has to be at all
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

/** An object with options of its own. */
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
    const known = `The options${name && ` of \`${name}\``} are ${Object.keys(form).join(', ')}.`
    throw callerTypeError(`Unknown option \`${pathOf(option)}\`. ${known}`)
  }
  const all: Record<string, unknown> = {}
  for (const [option, row] of Object.entries(form)) {
    const given = options[option]
    const value = given === undefined && !row.required ? row.default : row.check(pathOf(option), given)
    if (value !== undefined) all[option] = value
  }
  return all
}

/** Those of the options that are in the form. */
export function pick<Options extends object, Known extends object>(
  form: Known,
  options: Options,
): Pick<Options, keyof Options & keyof Known> {
  return chosen(options, (name) => Object.hasOwn(form, name)) as Pick<Options, keyof Options & keyof Known>
}

/** Those of the options that are not in the form. */
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
