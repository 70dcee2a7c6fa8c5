import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { copyFile, link } from 'node:fs/promises'
import { join } from 'node:path'
import { findInterpreter } from '../dist/environment/index.js'
import { root, run, say } from '../scripts/run.js'
import { pythonWith } from '../scripts/python-dev.js'
import { Kept } from './kept.js'
import { Peer } from './peer.js'
import { Unavailable } from './unavailable.js'

const cache = join(root, '.cache', 'bench')
const picture = join(root, 'images', 'demo.jpg')
const here = join(root, 'bench')

/** What the rows share: their settings, and what is created once and cached under `.cache/bench`. */
export class Bench {
  #kept = new Kept(cache)

  /** @param {ReturnType<typeof import('./options.js').readOptions>} options */
  constructor({ quick, rounds, count, runs, images, load, classify }) {
    this.quick = quick
    this.rounds = rounds
    this.count = count
    this.runs = runs
    this.images = images
    this.load = load
    this.classify = classify
  }

  /** The network: MobileNetV3-small, exported by `paddle-ts export`. */
  model() {
    return this.#kept.file('model', (folder) => {
      this.#must('the network cannot be exported', process.execPath, [
        join(root, 'bin/paddle-ts.js'),
        ...['export', '--model', join(here, 'python/network.py:mobilenet')],
        ...['--input-spec', 'input:float32[-1,3,224,224]', '--softmax', '--save-inference-dir', folder],
      ])
    })
  }

  /** The same network for onnxruntime. */
  async onnx() {
    const model = await this.model()
    return this.#kept.file('network.onnx', async (file) => {
      const python = await this.#converter()
      const paths = [join(model, 'inference.pdmodel'), join(model, 'inference.pdiparams'), file]
      this.#must('paddle2onnx failed', python, ['-W', 'ignore', join(here, 'python/to_onnx.py'), ...paths])
    })
  }

  /** Networks that transfer much and compute little, in the folders `mean` and `same`. */
  nets() {
    return this.#kept.file('nets', async (folder) => {
      this.#must('the networks cannot be made', await this.python(), [join(here, 'python/nets.py'), folder])
    })
  }

  /** A folder of JPEGs of 650 × 647 pixels, or the one of `--images`. */
  folder() {
    if (this.images !== undefined) return this.images
    return this.#kept.file('images', async (folder) => {
      mkdirSync(folder)
      await Promise.all(names(1000).map((name) => copyFile(picture, join(folder, name))))
    })
  }

  /** The first image of the folder. */
  async image() {
    const folder = await this.folder()
    return join(folder, readdirSync(folder).sort()[0])
  }

  /** A folder of `count` hard links to one JPEG. */
  links(count) {
    return this.#kept.file(`links-${count}`, async (folder) => {
      mkdirSync(folder)
      const [first, ...others] = names(count).map((name) => join(folder, name))
      await copyFile(picture, first)
      for (const other of others) await link(first, other)
    })
  }

  /**
   * paddle-ts itself, from a folder to results, with its defaults or the options of `--load` and
   * `--classify`.
   */
  async startClassifier() {
    const { load, classify } = this
    return this.startNode('classifier.js', [await this.model(), JSON.stringify({ load, classify })])
  }

  async python() {
    return (await findInterpreter()).path
  }

  /** Starts a Python process that uses the protocol of `python/lines.py`. */
  async startPython(script, args) {
    const quiet = { GLOG_minloglevel: '2', PYTHONDONTWRITEBYTECODE: '1' }
    return Peer.start(await this.python(), ['-W', 'ignore', join(here, 'python', script), ...args], {
      env: quiet,
    })
  }

  /** Starts a Node process that uses the protocol of `peers/serve.js`. */
  startNode(script, args, options) {
    return Peer.start(process.execPath, [join(here, 'peers', script), ...args], options)
  }

  /** Installs onnxruntime-node and sharp in `bench/`. @throws Unavailable */
  packages() {
    return this.#kept.once('packages', () => {
      if (existsSync(join(here, 'node_modules', 'onnxruntime-node'))) return
      say('Installing the packages to compare with')
      // No install scripts: that of onnxruntime-node downloads CUDA.
      const args = ['ci', '--prefix', here, '--ignore-scripts', '--no-audit', '--no-fund']
      this.#must('npm cannot install the packages', 'npm', args)
    })
  }

  #converter() {
    return this.#kept.once('converter', () => {
      const noDependencies = { pipOptions: ['--no-deps'] }
      return pythonWith(join(cache, 'python'), 'bench/requirements.txt', noDependencies).catch((error) => {
        throw new Unavailable(`paddle2onnx cannot be installed: ${error.message}`)
      })
    })
  }

  /** The value of the first call of `make`, for rows that share one measurement. */
  once(name, make) {
    return this.#kept.once(name, make)
  }

  #must(failure, program, args) {
    const code = run(program, args)
    if (code !== 0) throw new Unavailable(`${failure}: ${program} ended with ${code}.`)
  }
}

function names(count) {
  return Array.from({ length: count }, (_, index) => `${String(index).padStart(5, '0')}.jpg`)
}
