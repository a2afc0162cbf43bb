import Datasets
import Tensors

extension ExportFormat {
  /// Pictures that follow one another, for ever.
  public static let gif = ExportFormat(name: "gif", summary: "an animation in greys", forms: [.animation]) { exhibit in
    try exhibit.animation.map { try GIF.encode($0(), name: exhibit.name) }
  }
}

/// Grey pictures of one size that follow one another. They are made as they are written: magnified, they take much more
/// than the images that they show.
public struct Animation {
  /// How many pictures there are, at least one.
  public let count: Int
  /// Seconds each is shown.
  public let seconds: Double
  /// Hands over one picture after the other.
  let pictures: (_ body: (GreyPicture) throws -> Void) throws -> Void

  private init(
    count: Int, seconds: Double, pictures: @escaping (_ body: (GreyPicture) throws -> Void) throws -> Void
  ) {
    self.count = count
    self.seconds = seconds
    self.pictures = pictures
  }

  /// An animation of pictures.
  public init(frames: [GreyPicture], seconds: Double = 0.1) {
    self.init(count: frames.count, seconds: seconds) { body in try frames.forEach(body) }
  }

  /// The images `[n, height · width]` in 0…1 one after another, each pixel a square of `magnification`. What `GIF.encode`
  /// makes of images of another size is an error.
  public init(_ images: Tensor, width: Int, height: Int, magnification: Int = 8, seconds: Double = 0.1) {
    self.init(
      count: images.shape.first ?? 0, width: width, height: height, magnification: magnification, seconds: seconds
    ) { body in try body(images) }
  }

  /// The same of `count` images that `images` hands over some at a time.
  public init(
    count: Int, width: Int, height: Int, magnification: Int = 8, seconds: Double = 0.1,
    images: @escaping (_ body: (Tensor) throws -> Void) throws -> Void
  ) {
    self.init(count: count, seconds: seconds) { body in
      try images { chunk in
        for row in 0..<(chunk.shape.first ?? 0) {
          try body(
            ImageSheet.compose(
              chunk.rows(row..<row + 1), width: width, height: height, columns: 1, gap: 0, scale: magnification))
        }
      }
    }
  }
}

/// The graphics interchange format, version 89a (CompuServe 1990), with 256 greys.
public enum GIF {
  /// How long a picture can be shown: viewers slow down what is faster than a fiftieth of a second.
  public static let allowedSeconds = 0.02...600

  /// The file that shows `animation` again and again.
  ///
  /// - Throws: `DatasetError` of kind `unwritable` where there is no frame, or one that fits no GIF or not the first, and of
  ///   kind `tooLarge` where the first says that all of them do not fit into memory; what making the frames throws.
  public static func encode(_ animation: Animation, name: String = "animation") throws -> [UInt8] {
    var bytes: [UInt8] = []
    var size: (width: UInt16, height: UInt16)?
    try animation.pictures { picture in
      guard let width = UInt16(exactly: picture.width), let height = UInt16(exactly: picture.height), width > 0,
        height > 0, size.map({ $0 == (width, height) }) ?? true
      else {
        throw DatasetError(.unwritable, name, "pictures of \(picture.width)×\(picture.height) and others fit no GIF")
      }
      let isFirst = size == nil
      if isFirst { bytes = head(width, height) }
      size = (width, height)
      let start = bytes.count
      bytes += frame(picture, width, height, seconds: animation.seconds)
      // An array that grows is there twice while it moves.
      if isFirst { try MemoryBudget.require(3 * animation.count * (bytes.count - start), for: name) }
    }
    guard size != nil else { throw DatasetError(.unwritable, name, "there are no pictures to show") }
    return bytes + [0x3B]
  }

  private static func word(_ value: UInt16) -> [UInt8] { [UInt8(value & 255), UInt8(value >> 8)] }

  /// What stands before the frames: the size, the greys, and that they are shown for ever.
  private static func head(_ width: UInt16, _ height: UInt16) -> [UInt8] {
    // A global table of 256 colours of eight bits.
    var bytes = Array("GIF89a".utf8) + word(width) + word(height) + [0xF7, 0, 0]
    for grey in 0...255 { bytes += [UInt8(grey), UInt8(grey), UInt8(grey)] }
    return bytes + [0x21, 0xFF, 11] + Array("NETSCAPE2.0".utf8) + [3, 1, 0, 0, 0]
  }

  private static func frame(_ picture: GreyPicture, _ width: UInt16, _ height: UInt16, seconds: Double) -> [UInt8] {
    let hundredths = UInt16((min(max(seconds, allowedSeconds.lowerBound), allowedSeconds.upperBound) * 100).rounded())
    var bytes: [UInt8] = [0x21, 0xF9, 4, 0] + word(hundredths) + [0, 0]
    bytes += [0x2C, 0, 0, 0, 0] + word(width) + word(height) + [0]
    return bytes + LempelZivWelch.encode(picture.bytes)
  }
}

/// Compression by a growing table of strings (Welch 1984) as GIF has it: codes of 9 to 12 bits, the lowest bit first, in
/// blocks of up to 255 bytes.
private struct LempelZivWelch {
  private static let clear = 256
  private static let end = 257
  private static let mostCodes = 4096

  private var bytes: [UInt8] = [8]
  private var block: [UInt8] = []
  private var pending: UInt32 = 0
  private var bits = 0

  static func encode(_ pixels: [UInt8]) -> [UInt8] {
    var encoder = LempelZivWelch()
    encoder.run(pixels)
    return encoder.bytes
  }

  private mutating func run(_ pixels: [UInt8]) {
    // The code of a string and the byte behind it; 0 where there is none yet, for strings have codes from 258.
    var codes = [UInt16](repeating: 0, count: Self.mostCodes << 8)
    var next = Self.end + 1
    var width = 9
    put(Self.clear, width)
    var current = -1
    for pixel in pixels {
      guard current >= 0 else {
        current = Int(pixel)
        continue
      }
      let known = codes[current << 8 | Int(pixel)]
      if known != 0 {
        current = Int(known)
        continue
      }
      put(current, width)
      if next < Self.mostCodes {
        codes[current << 8 | Int(pixel)] = UInt16(next)
        // The reader is one entry behind: its codes grow one later.
        if next == 1 << width { width += 1 }
        next += 1
      } else {
        put(Self.clear, width)
        for index in codes.indices { codes[index] = 0 }
        next = Self.end + 1
        width = 9
      }
      current = Int(pixel)
    }
    if current >= 0 { put(current, width) }
    // The reader has added one more string since.
    if current >= 0, next < Self.mostCodes, next == 1 << width { width += 1 }
    put(Self.end, width)
    if bits > 0 { add(UInt8(truncatingIfNeeded: pending)) }
    flush()
    bytes.append(0)
  }

  private mutating func put(_ code: Int, _ width: Int) {
    pending |= UInt32(code) << UInt32(bits)
    bits += width
    while bits >= 8 {
      add(UInt8(truncatingIfNeeded: pending))
      pending >>= 8
      bits -= 8
    }
  }

  private mutating func add(_ byte: UInt8) {
    block.append(byte)
    if block.count == 255 { flush() }
  }

  private mutating func flush() {
    guard !block.isEmpty else { return }
    bytes.append(UInt8(block.count))
    bytes += block
    block.removeAll(keepingCapacity: true)
  }
}
