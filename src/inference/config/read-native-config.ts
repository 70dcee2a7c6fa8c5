import { callOnce, type ReadConfigRequest, type RecordedCall } from '../../bridge/index.js'
import { locateModel, type ModelBuffers } from '../../model/index.js'
import { modelOutsideArchive } from '../../outside-archive.js'

/** The state of a Config at the time of a read. */
export interface ConfigState {
  readonly model: string | ModelBuffers | undefined
  readonly params: string | undefined
  readonly calls: readonly RecordedCall[]
}

interface Batch {
  state: ConfigState
  readonly reads: { readonly call: RecordedCall; readonly after: number }[]
  readonly answers: Promise<readonly unknown[]>
}

/**
 * Reads of one Config. Each read builds a native Config in its own process, in the same way as a worker does;
 * reads in the same tick share one process.
 */
export class ConfigReader {
  readonly #python: string | undefined
  #batch: Batch | undefined

  constructor(python: string | undefined) {
    this.#python = python
  }

  /** Calls the read method `call` after the calls of `state`. */
  async read(call: RecordedCall, state: ConfigState): Promise<unknown> {
    const batch = this.#batchFor(state)
    const index = batch.reads.push({ call, after: state.calls.length }) - 1
    batch.state = state
    return (await batch.answers)[index]
  }

  #batchFor(state: ConfigState): Batch {
    const current = this.#batch
    if (current && current.state.model === state.model && current.state.params === state.params)
      return current
    const batch: Batch = {
      state,
      reads: [],
      answers: Promise.resolve().then(() => {
        if (this.#batch === batch) this.#batch = undefined
        return this.#ask(batch)
      }),
    }
    this.#batch = batch
    return batch
  }

  async #ask({ state, reads }: Batch): Promise<readonly unknown[]> {
    const request: ReadConfigRequest = { files: await filesOf(state), calls: state.calls, reads }
    const { values } = await callOnce('readConfig', request, {
      python: this.#python,
      failure: 'CONFIG_INVALID',
      title: 'Paddle could not build the Config',
    })
    return values
  }
}

async function filesOf({ model, params }: ConfigState): Promise<ReadConfigRequest['files']> {
  if (typeof model !== 'string') return null
  const files = await locateModel(model)
  const { format, program } = files
  return modelOutsideArchive({ format, program, params: params ?? files.params ?? null })
}
