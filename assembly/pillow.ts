// Pillow's `Image.resize` for 8-bit RGB, with its integer arithmetic (src/libImaging/Resample.c).

// The number of fractional bits of Pillow's integer weights.
const BITS: i32 = 22
const HALF: i32 = 1 << (BITS - 1)

/**
 * Resizes `rows` rows of RGB pixels horizontally: each of `count` target pixels is the weighted sum of 2 *
 * `pairs[i]` source pixels from `starts[i]` on.
 *
 * 16-bit products are summed in pairs, so each weight is split: for each pair of weights, `weights` contains
 * both upper parts (bits 11 to 22), then both lower parts (bits 0 to 10), with `room` such pairs for each
 * target pixel.
 *
 * Reads up to 7 bytes past the last row, and writes one.
 */
export function narrow(
  from: usize,
  rowBytes: usize,
  rows: i32,
  starts: usize,
  pairs: usize,
  weights: usize,
  room: i32,
  count: i32,
  to: usize,
): void {
  const zero = i32x4.splat(0)
  for (let row = 0; row < rows; row += 1) {
    let weightsAt = weights
    for (let target = 0; target < count; target += 1) {
      let pixel = from + 3 * load<u32>(starts + ((<usize>target) << 2))
      const end = weightsAt + ((<usize>load<u32>(pairs + ((<usize>target) << 2))) << 3)
      let upper = zero
      let lower = i32x4.splat(HALF)
      for (let at = weightsAt; at < end; at += 8) {
        const bytes = v128.load64_zero(pixel)
        // Both reds, both greens, both blues, each as 16 bits.
        const samples = i8x16.shuffle(bytes, zero, 0, 16, 3, 16, 1, 16, 4, 16, 2, 16, 5, 16, 16, 16, 16, 16)
        upper = i32x4.add(upper, i32x4.dot_i16x8_s(samples, v128.load32_splat(at)))
        lower = i32x4.add(lower, i32x4.dot_i16x8_s(samples, v128.load32_splat(at, 4)))
        pixel += 6
      }
      const sum = i32x4.add(i32x4.shl(upper, 11), lower)
      // The fourth byte belongs to the next pixel, which is written after this one.
      store<u32>(to, packed(i32x4.shr_s(sum, BITS)))
      to += 3
      weightsAt += (<usize>room) << 3
    }
    from += rowBytes
  }
}

/**
 * Computes one row of `bytes` bytes: the weighted sum of `count` consecutive rows starting at `from`.
 * Processes 16 bytes at a time: reads and writes up to 15 past the end.
 */
export function lower(from: usize, bytes: i32, weights: usize, count: i32, to: usize): void {
  for (let at = 0; at < bytes; at += 16) {
    let first = i32x4.splat(HALF)
    let second = first
    let third = first
    let fourth = first
    let source = from + at
    for (let tap = 0; tap < count; tap += 1) {
      const samples = v128.load(source)
      const weight = v128.load32_splat(weights + ((<usize>tap) << 2))
      const low = i16x8.extend_low_i8x16_u(samples)
      const high = i16x8.extend_high_i8x16_u(samples)
      first = i32x4.add(first, i32x4.mul(i32x4.extend_low_i16x8_u(low), weight))
      second = i32x4.add(second, i32x4.mul(i32x4.extend_high_i16x8_u(low), weight))
      third = i32x4.add(third, i32x4.mul(i32x4.extend_low_i16x8_u(high), weight))
      fourth = i32x4.add(fourth, i32x4.mul(i32x4.extend_high_i16x8_u(high), weight))
      source += bytes
    }
    v128.store(
      to + at,
      i8x16.narrow_i16x8_u(
        i16x8.narrow_i32x4_u(i32x4.shr_s(first, BITS), i32x4.shr_s(second, BITS)),
        i16x8.narrow_i32x4_u(i32x4.shr_s(third, BITS), i32x4.shr_s(fourth, BITS)),
      ),
    )
  }
}

function packed(values: v128): u32 {
  const words = i16x8.narrow_i32x4_u(values, values)
  return i32x4.extract_lane(i8x16.narrow_i16x8_u(words, words), 0)
}
