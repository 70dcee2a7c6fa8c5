// The arithmetic of images in 128-bit SIMD: WebAssembly by AssemblyScript. `npm run build:wasm` writes it to
// src/image/wasm/kernels.wasm.ts.

export { lower, narrow } from './pillow'
export { acrossEight, acrossFour, acrossTwo, downEight, downFour, downTwo } from './opencv'
export { addRow, areaAcross, areaDown, areaRound, boxes } from './opencv-area'
export { normalise } from './normalise'
