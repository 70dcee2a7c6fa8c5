// Image arithmetic in 128-bit SIMD: AssemblyScript that `npm run build:wasm` compiles to WebAssembly in
// src/image/wasm/kernels.wasm.ts.

export { lower, narrow } from './pillow'
export { acrossEight, acrossFour, acrossTwo, downEight, downFour, downTwo } from './opencv'
export { addRow, areaAcross, areaDown, areaRound, boxes } from './opencv-area'
export { normalise } from './normalise'
