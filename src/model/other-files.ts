import { quoted } from './model-errors.js'

/** A file that is not a model of Paddle. */
export interface OtherFile {
  /** What it is, with its article. */
  readonly what: string
  /** What to do with it. */
  readonly advice: string
}

interface Kind {
  readonly ending: RegExp
  readonly what: string
  readonly advice: (path: string) => string
}

const paddlesFormat = 'Pass the model in Paddle’s own format'

const kinds: readonly Kind[] = [
  {
    ending: /\.(?:tar(?:\.\w+)?|tgz)$/i,
    what: 'an archive',
    advice: (path) => `Unpack it, and pass the folder that it contains: tar -xf ${quoted(path)}`,
  },
  {
    ending: /\.zip$/i,
    what: 'an archive',
    advice: (path) => `Unpack it, and pass the folder that it contains: unzip ${quoted(path)}`,
  },
  {
    ending: /\.onnx$/i,
    what: 'an ONNX model',
    advice: () => `${paddlesFormat}, or run this one with onnxruntime-node.`,
  },
  {
    ending: /\.pdparams$/i,
    what: 'weights without a network',
    advice: (path) =>
      `Export their network with them: paddle-ts export --model NETWORK --pretrained ${quoted(path)} --save-inference-dir DIR`,
  },
  {
    ending: /\.(?:pth?|pb|h5|safetensors|tflite)$/i,
    what: 'a model of another framework',
    advice: () => `${paddlesFormat}.`,
  },
]

/** What a file is by its name, if not a model; undefined for any other name. */
export function otherFileAt(path: string): OtherFile | undefined {
  const kind = kinds.find(({ ending }) => ending.test(path))
  return kind && { what: kind.what, advice: kind.advice(path) }
}
