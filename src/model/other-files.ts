import { basename, dirname, join } from 'node:path'
import { quoted as quotedText } from '../errors.js'
import { fileKind, isGitLfsPointer } from '../file-signatures.js'
import type { Wording } from '../wording.js'
import { quoted } from './model-errors.js'

/** A file that is not a model of Paddle. */
export interface OtherFile {
  /** What it is, with its article. */
  readonly what: string
  /** What to do with it. */
  readonly advice: Wording
}

interface Kind {
  readonly ending: RegExp
  readonly what: string
  /** @param names - those in the folder of the file */
  readonly advice: (path: string, names: readonly string[]) => Wording
}

const paddlesFormat = 'Pass the model in Paddle’s own format'
const passConverted = 'with X2Paddle, and pass DIR/inference_model: x2paddle'
const unpack = 'Unpack it, and pass the folder that it contains'

/** In order of preference, if a folder contains several. */
const kinds: readonly Kind[] = [
  { ending: /\.pdiparams(?:\.info)?$/i, what: 'a parameters file', advice: programAdvice },
  {
    ending: /\.(?:tar(?:\.\w+)?|tgz)$/i,
    what: 'an archive',
    advice: (path) => `${unpack}: tar -xf ${quoted(path)}`,
  },
  { ending: /\.zip$/i, what: 'an archive', advice: (path) => `${unpack}: unzip ${quoted(path)}` },
  { ending: /\.(?:7z|rar)$/i, what: 'an archive', advice: () => `${unpack}.` },
  { ending: /\.pdparams$/i, what: 'weights without a network', advice: exportAdviceWith },
  {
    ending: /\.(?:pdopt|pdstates)$/i,
    what: 'the state of a training run',
    advice: (path, names) => {
      const weights = basename(path).replace(/\.\w+$/, '.pdparams')
      return exportAdviceWith(names.includes(weights) ? join(dirname(path), weights) : 'FILE.pdparams')
    },
  },
  {
    ending: /\.nb$/i,
    what: 'a model of Paddle Lite',
    advice: () => 'Pass the model that it was made from: a .pdmodel, .json or __model__ file.',
  },
  {
    ending: /\.onnx$/i,
    what: 'an ONNX model',
    advice: (path) =>
      `Run it with onnxruntime-node, or convert it ${passConverted} --framework=onnx --model=${quoted(path)} --save_dir=DIR`,
  },
  {
    ending: /\.caffemodel$/i,
    what: 'a model of Caffe',
    advice: (path) =>
      `Convert it ${passConverted} --framework=caffe --prototxt=FILE.prototxt --weight=${quoted(path)} --save_dir=DIR`,
  },
  // X2Paddle reads frozen graphs only.
  {
    ending: /(?<!^saved_model|\/saved_model)\.pb$/i,
    what: 'a model of TensorFlow',
    advice: (path) =>
      `Convert it ${passConverted} --framework=tensorflow --model=${quoted(path)} --save_dir=DIR`,
  },
  {
    ending: /\.(?:pb|h5|keras|tflite)$/i,
    what: 'a model of TensorFlow',
    advice: () => 'Convert it to ONNX with tf2onnx, and that to Paddle’s format with X2Paddle.',
  },
  {
    ending: /\.pth?$/i,
    what: 'a model of PyTorch',
    advice: () =>
      'Export it to ONNX with torch.onnx.export, and convert that to Paddle’s format with X2Paddle.',
  },
  { ending: /\.safetensors$/i, what: 'weights without a network', advice: () => `${paddlesFormat}.` },
  {
    ending: /\.(?:ckpt|engine|gguf|mlmodel|plan|trt)$/i,
    what: 'a model of another framework',
    advice: () => `${paddlesFormat}.`,
  },
]

/**
 * What a file is by its name, if not a model; undefined for any other name.
 *
 * @param names - those in its folder
 */
export function otherFileAt(path: string, names: readonly string[] = []): OtherFile | undefined {
  const kind = kinds.find(({ ending }) => ending.test(path))
  return kind && { what: kind.what, advice: kind.advice(path, names) }
}

/** The one of these names that says most about what is there instead of a model. */
export function otherFileAmong(names: readonly string[]): string | undefined {
  for (const { ending } of kinds) {
    const name = names.find((one) => ending.test(one))
    if (name !== undefined) return name
  }
  return undefined
}

function exportAdviceWith(weights: string): string {
  return `Export their network with them: paddle-ts export --model NETWORK --pretrained ${quoted(weights)} --save-inference-dir DIR`
}

/** Where the program is that a parameters file belongs to. */
function programAdvice(path: string, names: readonly string[]): Wording {
  const stem = basename(path).replace(/\.pdiparams(?:\.info)?$/i, '')
  const [folder, params] = [dirname(path), path.replace(/\.info$/i, '')]
  const own = [`${stem}.pdmodel`, `${stem}.json`]
  const beside = own.find((name) => names.includes(name))
  if (beside !== undefined) return `Pass its program: ${join(folder, beside)}`
  const missing = `Put its program beside it: ${own.join(' or ')}.`
  const other = names.find((name) => name === '__model__' || name.endsWith('.pdmodel'))
  if (other === undefined) return missing
  const program = join(folder, other)
  const both: Wording = {
    library: `\`model: '${program}'\` and \`params: '${params}'\``,
    command: `--model-dir ${quoted(program)} --params ${quoted(params)}`,
  }
  return [missing, ` If that is ${program}, pass both: `, both]
}

/** Text without control characters, which no program and no parameters begin with. */
const plainText = /^[\t\n\r\x20-\x7e]+$/

/**
 * What a file is by its first bytes, if it can be neither a program nor parameters, whatever its name.
 *
 * @param beginning - its first bytes, in Latin-1
 */
export function otherContent(path: string, beginning: string): OtherFile | undefined {
  if (isGitLfsPointer(beginning)) return { what: 'a pointer of Git LFS', advice: gitLfsAdvice(path) }
  const kind = fileKind(beginning)
  if (kind === 'a ZIP archive') return { what: kind, advice: `${unpack}: unzip ${quoted(path)}` }
  if (kind?.endsWith('archive')) return { what: kind, advice: `${unpack}: tar -xf ${quoted(path)}` }
  const isText = plainText.test(beginning) && !isProgramText(beginning)
  const what = kind ?? (isText ? `a text that begins with ${quotedText(beginning)}` : undefined)
  return what === undefined ? undefined : { what, advice: 'Download or copy the model again.' }
}

/** Whether it begins like JSON, the format of the programs of Paddle 3. */
function isProgramText(beginning: string): boolean {
  return beginning.trimStart().startsWith('{')
}

/** Advice to replace a pointer of Git LFS by its file. */
export function gitLfsAdvice(path: string): string {
  return `In a clone of its repository, get the file itself: git -C ${quoted(dirname(path))} lfs pull`
}
