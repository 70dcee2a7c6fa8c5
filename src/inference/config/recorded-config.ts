import type { RecordedCall } from '../../bridge/index.js'
import { wrongType } from '../../errors.js'
import { checkBytes, type ModelBuffers } from '../../model/index.js'
import { path } from '../../options/index.js'
import { setRecorder, subConfigOf } from './call-recorder.js'
import { requestedOneDnn } from './one-dnn-calls.js'
import { PassBuilder } from './pass-builder.js'
import { Nnadapter, QuantizerConfig } from './quantizer.js'
import { ConfigReader } from './read-native-config.js'

/** Options of a Config. */
export interface ConfigOptions {
  /** The Python that performs reads. @default `PADDLE_TS_PYTHON`, else the managed one */
  readonly python?: string | undefined
}

/** The source of a copy: another Config. */
export interface ConfigRecord {
  readonly model: string | ModelBuffers | undefined
  readonly params: string | undefined
  readonly calls: readonly RecordedCall[]
  readonly python: string | undefined
}

/** The parts of a Config that are not plain calls: the model, the nested configs, and the record itself. */
export class RecordedConfig implements ConfigRecord {
  #model: string | ModelBuffers | undefined
  #params: string | undefined
  readonly #calls: RecordedCall[]
  readonly #python: string | undefined

  /**
   * @param model A folder, a prefix (`model/inference`) or the program file; or a Config to copy.
   * @param params The parameters file. @default beside the program
   */
  constructor(model?: string | ConfigRecord, params?: string, options: ConfigOptions = {}) {
    if (typeof options !== 'object' || (options as unknown) === null) {
      throw wrongType('options', 'an options object', options)
    }
    const { python } = options
    if (python !== undefined) path('the path of a Python').check('python', python)
    const copied = model instanceof RecordedConfig ? model : undefined
    this.#calls = [...(copied?.calls ?? [])]
    this.#python = python ?? copied?.python
    if (copied) {
      this.#model = copied.model
      this.#params = copied.params
    } else if (model !== undefined) {
      this.setModel(model as string, params)
    }
    const reader = new ConfigReader(this.#python)
    setRecorder(this, {
      record: (call) => void this.#calls.push(call),
      read: (call) => reader.read(call, { model: this.#model, params: this.#params, calls: this.calls }),
    })
  }

  /** Sets the model files, like the constructor (`set_model`). */
  setModel(model: string, params?: string): this {
    path('the path of a model').check('model', model)
    if (params !== undefined) path('the path of a parameters file').check('params', params)
    this.#model = model
    this.#params = params
    return this
  }

  /** Sets the program file (`set_prog_file`). */
  setProgFile(program: string): this {
    path('the path of a program').check('program', program)
    this.#model = program
    return this
  }

  /** Sets the parameters file (`set_params_file`). */
  setParamsFile(params: string): this {
    path('the path of a parameters file').check('params', params)
    this.#params = params
    return this
  }

  /**
   * Loads the model from memory (`set_model_buffer`): the bytes of its two files. They are read when a
   * predictor is created.
   *
   * @param params Omit it for a network without parameters.
   */
  setModelBuffer(program: Uint8Array, params?: Uint8Array): this {
    checkBytes('program', program)
    if (params !== undefined) checkBytes('params', params)
    this.#model = { program, ...(params && { params }) }
    this.#params = undefined
    return this
  }

  /** Whether the model is loaded from memory. */
  modelFromMemory(): Promise<boolean> {
    return Promise.resolve(typeof this.#model === 'object')
  }

  /** The model as given: its path, or its bytes. */
  get model(): string | ModelBuffers | undefined {
    return this.#model
  }

  /** The path of the parameters, as given. */
  get params(): string | undefined {
    return this.#params
  }

  /** The Python for reads, if one was set. */
  get python(): string | undefined {
    return this.#python
  }

  /** The recorded calls, in order. */
  get calls(): readonly RecordedCall[] {
    return [...this.#calls]
  }

  /**
   * Whether oneDNN is requested or disabled; `auto` if no call says so: a predictor that does not load or run
   * with oneDNN then falls back to running without it.
   */
  get oneDnn(): 'auto' | boolean {
    return requestedOneDnn(this.#calls)
  }

  /** The passes that optimise the graph (`pass_builder`). */
  passBuilder(): PassBuilder {
    return subConfigOf(this, new PassBuilder())
  }

  /** How Paddle Lite uses a neural processor (`nnadapter`, 2.6 only). */
  nnadapter(): Nnadapter {
    return subConfigOf(this, new Nnadapter())
  }

  /** Settings of oneDNN's quantiser (`quantizer_config`, 2.6 only). */
  quantizerConfig(): QuantizerConfig {
    return subConfigOf(this, new QuantizerConfig())
  }
}
