import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { elementCount, tensor, type DType, type Lod, type Tensor } from '../../src/tensor/index.js'

interface StoredTensor {
  readonly name: string
  readonly dtype: DType
  readonly shape: number[]
  readonly file: string
  readonly lod?: Lod
}

export interface GoldenCase {
  readonly name: string
  readonly inputs: Record<string, Tensor>
  readonly outputs: Record<string, Tensor>
}

/** The stored runs of a trained model: inputs and outputs of paddle. */
export function goldenCases(model: string): GoldenCase[] {
  const folder = join(model, 'golden')
  return readdirSync(folder).map((name) => {
    const stored = JSON.parse(readFileSync(join(folder, name, 'case.json'), 'utf8')) as {
      inputs: StoredTensor[]
      outputs: StoredTensor[]
    }
    const load = (tensors: StoredTensor[]): Record<string, Tensor> =>
      Object.fromEntries(tensors.map((entry) => [entry.name, readTensor(join(folder, name), entry)]))
    return { name, inputs: load(stored.inputs), outputs: load(stored.outputs) }
  })
}

function readTensor(folder: string, { dtype, shape, file, lod }: StoredTensor): Tensor {
  const bytes = new Uint8Array(readFileSync(join(folder, file)))
  const data = dtype === 'int64' ? new BigInt64Array(bytes.buffer) : new Float32Array(bytes.buffer)
  if (data.length !== elementCount(shape)) throw new Error(`${file} does not fit its shape`)
  return tensor(dtype as 'float32', shape, data as Float32Array, lod)
}

/** The greatest difference between two tensors of the same shape. */
export function greatestDifference(a: Tensor, b: Tensor): number {
  let most = 0
  for (let index = 0; index < a.data.length; index++) {
    most = Math.max(most, Math.abs(Number(a.data[index]) - Number(b.data[index])))
  }
  return most
}
