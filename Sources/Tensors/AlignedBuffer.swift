/// Floats on a 64-byte boundary with room to read one vector past the end, freed with the object.
final class AlignedBuffer {
  let pointer: UnsafeMutablePointer<Float>
  let count: Int

  /// `count` zeros, or whatever was there: memory of which nothing unwritten shows in a result costs nothing until it is
  /// used.
  init(count: Int, zeroed: Bool = true) {
    self.count = count
    let bytes = (count + 32) * MemoryLayout<Float>.stride
    let raw = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
    if zeroed { raw.initializeMemory(as: UInt8.self, repeating: 0, count: bytes) }
    pointer = raw.assumingMemoryBound(to: Float.self)
  }

  deinit { UnsafeMutableRawPointer(pointer).deallocate() }

  /// The elements `[rows, columns]` copied into an array, from a transposed layout if so stored.
  func elements(rows: Int, columns: Int, transposed: Bool) -> [Float] {
    [Float](unsafeUninitializedCapacity: rows * columns) { target, written in
      if let base = target.baseAddress, !transposed {
        base.initialize(from: pointer, count: rows * columns)
      } else {
        for row in 0..<rows {
          for column in 0..<columns { target[row * columns + column] = pointer[column * rows + row] }
        }
      }
      written = rows * columns
    }
  }

  /// Takes over the elements of a `[rows, columns]` array, into a transposed layout if asked.
  func fill(_ elements: [Float], rows: Int, columns: Int, transposed: Bool) {
    elements.withUnsafeBufferPointer { source in
      guard let base = source.baseAddress else { return }
      if !transposed {
        pointer.update(from: base, count: rows * columns)
      } else {
        for row in 0..<rows {
          for column in 0..<columns { pointer[column * rows + row] = base[row * columns + column] }
        }
      }
    }
  }
}
