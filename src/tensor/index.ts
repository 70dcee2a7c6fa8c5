export { arrayTypeOf, lengthOf } from './dtype.js'
export {
  dtypes,
  dtypeNames,
  isDType,
  type DataLike,
  type DataOf,
  type DType,
  type ElementOf,
  type Float16ArrayLike,
  type TensorData,
} from './dtype.js'
export { fromElements } from './elements.js'
export { fromHalves, toHalves, type Half } from './half-float.js'
export { dtypeOfArray, fromNdArray, isNdArray, toNdArray, type NdArrayData } from './ndarray.js'
export { flatten, nestedName, toNested, type Nested } from './nested-array.js'
export {
  checkData,
  checkDType,
  checkShape,
  elementCount,
  readLod,
  readShape,
  describeTensors,
  tensor,
  toData,
  type Lod,
  type Tensor,
} from './tensor.js'
export { isUnsupported, unsupportedInput } from './unsupported-dtype.js'
