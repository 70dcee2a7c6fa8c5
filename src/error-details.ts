/** What is known of a failure beside its code: each field is there where it applies. */
export interface ErrorDetails {
  /** The signal that ended the Python process: `SIGSEGV`. */
  readonly signal?: NodeJS.Signals | null
  readonly exitCode?: number | null
  /** What the process was needed for: `create`, `run`. */
  readonly during?: string
  /** The last lines that the process wrote; `''` where it wrote nothing. */
  readonly output?: string
  /** What paddle raised, in its own words. */
  readonly exception?: { readonly type: string; readonly message: string }
  /** What a run was fed: the shape of each tensor, and that which the model declares. */
  readonly fed?: readonly FedTensor[]
  /** How often a run was tried, where that was more than once. */
  readonly tries?: number
}

/** One tensor that a run was fed. */
export interface FedTensor {
  readonly name: string
  readonly dtype: string
  readonly shape: readonly number[]
  readonly declared: readonly number[]
}

/** What of the details a message has, between what failed and what to do. */
export function circumstances({ output, tries, fed }: ErrorDetails = {}): string {
  const shown = fed?.map(
    ({ name, dtype, shape, declared }) =>
      `\`${name}\` ${dtype} [${shape.join(',')}], declared [${declared.join(',')}]`,
  )
  return [
    output === undefined
      ? ''
      : output === ''
        ? ' It wrote nothing.'
        : ` Last lines of its output:\n${output}`,
    tries === undefined ? '' : `\nThe run was tried ${tries} times.`,
    shown ? `\nIt was fed: ${shown.join('; ')}.` : '',
  ].join('')
}
