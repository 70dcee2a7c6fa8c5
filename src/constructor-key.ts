import { callerTypeError } from './errors.js'

/** The first argument of constructors that only the library calls. */
export const constructorKey: unique symbol = Symbol('constructor key')

export type ConstructorKey = typeof constructorKey

/**
 * @param name - the class
 * @param instead - how a caller gets an instance
 * @throws TypeError for `new` outside the library
 */
export function checkConstructor(key: unknown, name: string, instead: string): void {
  if (key === constructorKey) return
  throw callerTypeError(`\`new ${name}(…)\` is not supported: use \`${instead}\`.`)
}
