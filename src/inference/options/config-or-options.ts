import type { Config } from '../config/index.js'

/**
 * A Config, or options. Unlike overloads and unions, this makes the compiler report a wrong option by its own
 * name: it compares the argument with one of the two only.
 *
 * @typeParam Given - the type of the argument
 */
export type ConfigOr<Options, Given> = Given extends Config ? Given : Options

/** The arguments after {@link ConfigOr}: only a Config is followed by options. */
export type OptionsWithConfig<Options, Given> = [Given] extends [Config] ? [options?: Options] : []
