/** A Python that paddle-ts runs. */
export interface Interpreter {
  /** The executable's absolute path, as it was named: a venv's link is not followed. */
  readonly path: string
  /** Who named it: the caller's option, the environment variable, or nobody (the managed one). */
  readonly source: 'option' | 'PADDLE_TS_PYTHON' | 'managed'
}
