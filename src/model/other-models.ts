import { UnsupportedConfig } from './config-errors.js'
import type { OperatorList } from './operator-list.js'
import type { Wording } from '../wording.js'

/** A kind of model that no task runs, by what its file lists. */
interface OtherModel {
  /** What it does, as in “it belongs to a model that …”. */
  readonly does: string
  /** The operators of its preprocessing that no other model has. */
  readonly operators: RegExp
  /** The operators of its post-processing. */
  readonly postProcess?: RegExp
  readonly advice?: Wording
}

const textAdvice: Wording = {
  library:
    'Run the model in a `Pipeline`, with steps of your own: examples/ocr-line.ts in the repository of paddle-ts reads a line of text.',
  command:
    'Run the model from TypeScript: examples/ocr-line.ts in the repository of paddle-ts reads a line of text with a Pipeline.',
}

/**
 * The first one that fits counts. The names are those of PaddleOCR (`ppocr/data/imaug`, `ppocr/postprocess`),
 * PaddleDetection (`ppdet/data/transform`) and PaddleX 3.7 (`paddlex/inference/models`).
 */
const otherModels: readonly OtherModel[] = [
  {
    does: 'recognizes the structure of tables (PaddleOCR)',
    operators: /^(Table\w*(LabelEncode|BoxEncode)|ResizeTableImage|PaddingTableImage)$/,
    postProcess: /^Table\w*LabelDecode$/,
    advice: textAdvice,
  },
  {
    does: 'reads formulas (PaddleOCR)',
    operators: /^(UniMERNet\w+|Latex\w+|MinMaxResize|CANLabelEncode)$/,
    postProcess: /^(LaTeXOCRDecode|UniMERNetDecode|PPFormulaNet\w*Decode|CANLabelDecode)$/,
    advice: textAdvice,
  },
  {
    does: 'extracts information from documents (PaddleOCR)',
    operators: /^VQA\w+$/,
    postProcess: /^VQA\w+PostProcess$/,
    advice: textAdvice,
  },
  {
    does: 'finds text (PaddleOCR)',
    operators: /^(Det(LabelEncode|ResizeForTest)|E2E(LabelEncode|ResizeForTest)\w*)$/,
    postProcess: /^(\w*DB|EAST|SAST|FCE|PSE|PG|CT|DRRG)PostProcess$/,
    advice: textAdvice,
  },
  {
    does: 'reads text (PaddleOCR)',
    operators: /^(\w*RecResizeImg\w*|ClsResizeImg|\w+LabelEncode|SRResize)$/,
    postProcess: /^(\w+LabelDecode|ClsPostProcess|SRPostProcess)$/,
    advice: textAdvice,
  },
  { does: 'finds key points', operators: /^(TopDown(Eval)?Affine|EvalAffine)$/ },
  { does: 'finds lanes', operators: /^CULaneResize$/ },
  { does: 'finds anomalies (PaddleX)', operators: /^Map_to_mask$/ },
  { does: 'takes videos', operators: /^(ReadVideo|ResizeVideo|NormalizeVideo|Image2Array)$/ },
  { does: 'takes points in space', operators: /^(LoadPointsFrom\w+|LoadMultiViewImageFromFiles)$/ },
  { does: 'takes a text with each image', operators: /^(GroundingDINO|YOLOWorld|SAM)Processor$/ },
]

const multiscale = 'MultiscaleTestResize'

/** The error for a file of a model that no task runs, and why; undefined for other files. */
export function otherModelIn(
  content: Readonly<Record<string, unknown>>,
  list: OperatorList,
): UnsupportedConfig | undefined {
  const operators = list.operators.map(({ name }) => name)
  if (operators.includes(multiscale))
    return new UnsupportedConfig(
      `${multiscale} feeds each image at several sizes, which an exported network does not take`,
      'Export the model with a configuration that has Resize in its place.',
    )
  const results = postProcessIn(content)
  for (const { does, operators: own, postProcess, advice } of otherModels) {
    const found = [
      ...operators.filter((name) => own.test(name)),
      ...results.filter((name) => postProcess?.test(name)),
    ]
    if (found.length > 0)
      return new UnsupportedConfig(
        `it belongs to a model that ${does}, which is not a task of paddle-ts (${found.join(', ')})`,
        advice,
      )
  }
  return undefined
}

function postProcessIn({ PostProcess }: Readonly<Record<string, unknown>>): string[] {
  if (typeof PostProcess !== 'object' || PostProcess === null) return []
  const { name } = PostProcess as { readonly name?: unknown }
  return typeof name === 'string' ? [name] : Object.keys(PostProcess)
}
