// What has to compile for a user of `exportModel`, and what must not: `npm run check:types` is the test.
import { exportModel, type ExportedModel, type InputSpec } from '../../src/index.js'

export async function compiles(): Promise<ExportedModel> {
  const scale: InputSpec = { name: 'scale', dtype: 'float32', shape: [] }
  await exportModel({ model: 'net.py:Net', modelArgs: [3, { deep: [true, null] }], format: 'both' })
  return exportModel({ model: 'net.py:Net', modelArgs: { width: 3 }, inputSpec: ['x:float32[-1,3]', scale] })
}

export async function mustNotCompile(): Promise<void> {
  // @ts-expect-error no such format
  await exportModel({ format: 'onnx' })
  // @ts-expect-error what no input can be of
  await exportModel({ model: 'net.py:Net', inputSpec: [{ name: 'x', dtype: 'int16', shape: [3] }] })
  // @ts-expect-error what JSON cannot hold
  await exportModel({ model: 'net.py:Net', modelArgs: { when: new Date() } })
  // @ts-expect-error an input without a shape
  await exportModel({ model: 'net.py:Net', inputSpec: [{ name: 'x', dtype: 'int32' }] })
}
