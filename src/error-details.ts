/** What is known about a failure beside its code. Fields that do not apply are omitted. */
export interface ErrorDetails {
  /** The signal that ended the Python process: `SIGSEGV`. */
  readonly signal?: NodeJS.Signals | null
  readonly exitCode?: number | null
  /** The operation that needed the process: `create`, `run`. Omitted if it was idle. */
  readonly during?: string
  /** The last lines of the process's output; `''` if there was none. */
  readonly output?: string
  /** The exception that paddle raised. */
  readonly exception?: { readonly type: string; readonly message: string }
  /** The feeds of a run: the shape and LoD of each tensor, and the shape that the model declares. */
  readonly fed?: readonly FedTensor[]
  /** The number of attempts at a run, if more than one. */
  readonly tries?: number
}

/** A tensor that was fed to a run. */
export interface FedTensor {
  readonly name: string
  readonly dtype: string
  readonly shape: readonly number[]
  readonly declared: readonly number[]
  /** Its LoD, as offsets per level; omitted if it was fed without one. */
  readonly lod?: readonly (readonly number[])[]
}
