import CIntrinsics
import KernelInterface

/// Elements `(row, column)` for units of 128 rows of one column.
func runNoise(_ fill: UnsafePointer<NoiseFill>, _ context: UnsafePointer<RunContext>, _ first: Int, _ last: Int) {
  let f = fill.pointee
  let key = threefry(context.pointee.key, f.stream)
  let blocks = (f.rows &+ UnitSize.noiseRows &- 1) / UnitSize.noiseRows
  let lanes = WordVector(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)
  let output = context.pointee.address(f.output)
  for unit in first..<last {
    let column = unit / blocks
    let start = unit % blocks &* UnitSize.noiseRows
    let end = min(f.rows, start &+ UnitSize.noiseRows)
    var row = start
    while row < end {
      let elements =
        (lanes &+ WordVector(repeating: UInt32(truncatingIfNeeded: row)))
        &* WordVector(repeating: UInt32(truncatingIfNeeded: f.columns))
        &+ WordVector(repeating: UInt32(truncatingIfNeeded: column))
      let (word0, word1) = threefry(key, elements &>> 1, WordVector(repeating: 0))
      let parity = unsafeBitCast(elements & 1, to: IntVector.self)
      var value: Vector
      if f.isNormal {
        let radius = zscope_square_root16(logarithm(uniform(word0)) * splat(-2))
        let (sine, cosine) = sineAndCosineOfTurns(uniform(word1))
        value = radius * choose(parity, is: 1, sine, cosine)
      } else {
        value = choose(parity, is: 1, uniform(word1), uniform(word0))
      }
      let target = output + (row &* f.rowStride &+ column &* f.columnStride)
      let count = min(16, end &- row)
      if f.rowStride == 1 && count == 16 {
        store(value, target)
      } else {
        for lane in 0..<count { target[lane &* f.rowStride] = value[lane] }
      }
      row &+= 16
    }
  }
}

/// Sixteen pixels of one image as floats.
@inline(__always)
private func pixels(
  _ bytes: UnsafePointer<UInt8>, _ conversion: PixelConversion, _ key: (UInt32, UInt32), _ element: Int
)
  -> Vector
{
  let raw = UnsafeRawPointer(bytes).loadUnaligned(as: SIMD16<UInt8>.self)
  let whole = zscope_int_from_bytes16(raw)
  switch conversion {
  case .grey: return zscope_float_from_int16(whole) * splat(1 / 255)
  case .binarised: return choose(whole, less: 128, splat(0), splat(1))
  case .sampled:
    let lanes = WordVector(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)
    let elements = lanes &+ WordVector(repeating: UInt32(truncatingIfNeeded: element))
    let (word0, word1) = threefry(key, elements &>> 1, WordVector(repeating: 0))
    let parity = unsafeBitCast(elements & 1, to: IntVector.self)
    let draw = choose(parity, is: 1, uniform(word1), uniform(word0))
    return choose(draw, less: zscope_float_from_int16(whole) * splat(1 / 255), splat(1), splat(0))
  }
}

/// One unit is a group of sixteen images.
func runImages(
  _ fill: UnsafePointer<ImageFill>, _ context: UnsafePointer<RunContext>, _ scratch: UnsafeMutablePointer<Float>,
  _ first: Int, _ last: Int
) {
  let f = fill.pointee
  let binding = context.pointee.bindings[f.binding]
  let key = threefry(context.pointee.key, f.stream)
  for group in first..<last {
    let start = group &* 16
    let count = min(16, f.batch &- start)
    var pixel = 0
    while pixel < f.pixels {
      let width = min(16, f.pixels &- pixel)
      for image in 0..<16 {
        var value = splat(0)
        if image < count, start &+ image < binding.count, let data = binding.data {
          let source = data.assumingMemoryBound(to: UInt8.self) + Int(binding.rows[start &+ image]) &* f.pixels + pixel
          let element = (start &+ image) &* f.pixels &+ pixel
          if width == 16 {
            value = pixels(source, f.conversion, key, element)
          } else {
            // The last pixels: nothing past the end of the stored bytes may be read.
            var tail = SIMD16<UInt8>(repeating: 0)
            for lane in 0..<width { tail[lane] = source[lane] }
            value = withUnsafeBytes(of: &tail) { raw in
              guard let base = raw.baseAddress else { return splat(0) }
              return pixels(base.assumingMemoryBound(to: UInt8.self), f.conversion, key, element)
            }
          }
        }
        store(value, scratch + image &* 16)
        if f.setPixels.base >= 0, image < count { appendSetPixels(f, context, start &+ image, pixel, value) }
        if f.rowMajor.base >= 0, image < count {
          let target = context.pointee.address(f.rowMajor) + (start &+ image) &* f.rowStride + pixel
          if width == 16 { store(value, target) } else { for lane in 0..<width { target[lane] = value[lane] } }
        }
      }
      if f.pixelMajor.base >= 0 {
        let target = context.pointee.address(f.pixelMajor) + pixel &* f.pixelStride + start
        transpose16(scratch, 16, target, f.pixelStride, rows: 16, columns: width, written: count)
      }
      if f.masks.base >= 0 { storeMasks(f, context, scratch, group, pixel, width) }
      pixel &+= 16
    }
  }
}

/// Adds the set ones of sixteen pixels to an image's list.
@inline(__always)
private func appendSetPixels(
  _ f: ImageFill, _ context: UnsafePointer<RunContext>, _ image: Int, _ pixel: Int, _ value: Vector
) {
  let counts = context.pointee.wholeNumbers(f.setCounts)
  let lists = context.pointee.wholeNumbers(f.setPixels)
  if pixel == 0 { counts[image] = 0 }
  var count = Int(counts[image])
  var set = zscope_nonzero_bits16(value)
  while set != 0 {
    lists[image &* f.pixels &+ count] = Int32(truncatingIfNeeded: pixel &+ set.trailingZeroBitCount)
    count &+= 1
    set &= set &- 1
  }
  counts[image] = Int32(truncatingIfNeeded: count)
}

/// Writes, for each of sixteen pixels, which of sixteen images have it set.
@inline(__always)
private func storeMasks(
  _ f: ImageFill, _ context: UnsafePointer<RunContext>, _ scratch: UnsafeMutablePointer<Float>, _ group: Int,
  _ pixel: Int, _ width: Int
) {
  let masks = UnsafeMutableRawPointer(context.pointee.address(f.masks)).assumingMemoryBound(to: UInt16.self)
  let columns = scratch + 256
  zscope_transpose16(scratch, 16, columns, 16)
  for place in 0..<width {
    let word = masks + ((pixel &+ place) &* f.maskStride &+ group)
    word.pointee = zscope_nonzero_bits16(load(columns + place &* 16))
    // The words up to the next whole 64 bits belong to no image.
    if (group &+ 1) &* 16 >= f.batch {
      for rest in 1..<max(1, f.maskStride &- group) { word[rest] = 0 }
    }
  }
}
