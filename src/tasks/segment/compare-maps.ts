import type { LabelMap } from '../../image/annotate/index.js'
import type { PlainTensor } from '../../reference/index.js'
import { counted } from '../../wording.js'
import type { Verdict } from '../comparison.js'

/**
 * The share of pixels that may differ: where two classes have nearly the same score, another order of
 * arithmetic may choose the other one.
 */
const mostShare = 1e-3

/** Whether both sides assign the same classes to the pixels, up to that share. */
export function compareMaps(ours: LabelMap, theirs: PlainTensor | undefined): Verdict {
  const { width, height, data } = ours
  const text = counted(new Set(data).size, 'class', 'classes')
  const [rows, columns] = theirs?.shape ?? []
  if (!theirs || rows !== height || columns !== width) {
    const plain = theirs ? `${columns ?? 0} × ${rows ?? 0}` : 'no map'
    return { same: false, text: `${text}, ${width} × ${height}; plain Python: ${plain}` }
  }
  const different = data.reduce((sum, id, at) => sum + Number(id !== theirs.data[at]), 0)
  const share = different / data.length
  const percent = different === 0 ? '' : ` (${(100 * share).toPrecision(2)} %)`
  return {
    same: share <= mostShare,
    text: `${text}, ${different} of ${counted(data.length, 'pixel')} differ${percent}`,
  }
}
