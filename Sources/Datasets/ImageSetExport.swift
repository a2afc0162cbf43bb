import Glibc

extension ImageSet {
  /// Writes the set as an NPZ file whose arrays are named as those of dSprites (Matthey and others 2017); `-` is
  /// standard output.
  ///
  /// - `imgs`: `[n, height, width]`, bytes, 0 background to 255 ink; where pixels are more exact than bytes, 32-bit floats,
  ///   0 background to 1 ink.
  /// - `labels`: `[n]`, where there are labels; −1 where a class is not known. `label_names`: what classes are called,
  ///   where they have names.
  /// - `latents_names`: `[k]`; `latents_values`: `[n, k]`; `latents_classes`: `[n, k]`, where there are factors. A factor
  ///   has the classes that the file it was read from states; one that is a choice of whole numbers from 0 has them as
  ///   classes too; where a factor is continuous its class is −1.
  ///
  /// - Throws: `DatasetError` of kind `unwritable`; no part of a file is left behind.
  public func export(to path: String) throws {
    if path == "-" {
      try write { try writeAll($0, to: STDOUT_FILENO, path: "standard output") }
    } else {
      try writeAtomically(to: path) { descriptor in try write { try writeAll($0, to: descriptor, path: path) } }
    }
  }

  private func write(_ output: @escaping (UnsafeRawBufferPointer) throws -> Void) throws {
    var writer = NPZWriter(output: output)
    try writePixels(to: &writer)
    if let labels {
      try writer.write("labels", type: "<i8", shape: [count], elements: labels.map { Int64($0).littleEndian })
      if !classNames.isEmpty { try writer.write("label_names", words: classNames) }
    }
    if !factors.isEmpty {
      try writer.write("latents_names", words: factors.map(\.name))
      try writer.write(
        "latents_values", type: "<f4", shape: [count, factors.count], elements: byImage(factors.map(\.values)))
      let classes = factors.map { factor in factor.choices ?? [Int32](repeating: -1, count: count) }
      try writer.write(
        "latents_classes", type: "<i8", shape: [count, factors.count],
        elements: byImage(classes.map { $0.map { Int64($0).littleEndian } }))
    }
    try writer.finish()
  }

  private func writePixels(to writer: inout NPZWriter) throws {
    if holdsFloats {
      return try writer.write("imgs", type: "<f4", shape: [count, height, width]) { piece in
        for index in 0..<count {
          try tensor(index..<index + 1).elements.withUnsafeBytes { try piece($0) }
        }
      }
    }
    try writer.write("imgs", type: "|u1", shape: [count, height, width]) { piece in
      try withUnsafeBytes { pixels, rows in
        var index = 0
        while index < count {
          // Neighbours in the storage go out in one piece.
          var end = index + 1
          while end < count && rows[end] == rows[end - 1] + 1 { end += 1 }
          let start = Int(rows[index]) * pixelCount
          let run = UnsafeBufferPointer(rebasing: pixels[start..<start + (end - index) * pixelCount])
          try piece(UnsafeRawBufferPointer(run))
          index = end
        }
      }
    }
  }

  /// One row an image, from one array a factor.
  private func byImage<Element>(_ columns: [[Element]]) -> [Element] {
    (0..<count).flatMap { row in columns.map { $0[row] } }
  }
}
