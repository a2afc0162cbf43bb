import CPNG

/// A grey picture, row by row, 0 black to 255 white.
public struct GreyPicture: Sendable, Hashable {
  /// Pixels in a row.
  public let width: Int
  /// Rows.
  public let height: Int
  /// `width * height` values.
  public var bytes: [UInt8]
  /// Whether what was transparent was taken as white, since its ink is dark.
  var isOnWhite = false

  /// A picture; the caller answers for the counts to agree.
  public init(width: Int, height: Int, bytes: [UInt8]) {
    precondition(width * height == bytes.count, "\(bytes.count) bytes for \(width)×\(height) pixels")
    self.width = width
    self.height = height
    self.bytes = bytes
  }
}

/// Portable network graphics, by libpng's simplified interface.
public enum PNGFile {
  static let magic: [UInt8] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]

  /// Reads a picture of any kind of PNG; `-` is standard input. Colours become grey by their luminance; what is
  /// transparent shows black, the background of MNIST, or, where the ink is dark, white.
  ///
  /// - Throws: `DatasetError`.
  public static func read(_ path: String) throws -> GreyPicture {
    try decode(readFile(path, limit: PictureLimits.fileSize), name: inputName(path))
  }

  /// Reads the bytes of a PNG called `name` in messages.
  ///
  /// - Parameter check: sees width and height, and may refuse them, before any pixel is decoded.
  /// - Throws: `DatasetError`.
  public static func decode(
    _ bytes: [UInt8], name: String, check: (_ width: Int, _ height: Int) throws -> Void = { _, _ in }
  ) throws -> GreyPicture {
    let onBlack = try decode(bytes, name: name, ground: 0, check: check)
    guard mayBeTransparent(bytes), let brightest = onBlack.bytes.max(), brightest <= darkest else { return onBlack }
    // What can hardly be seen on black is drawn to be seen on white, if more of it can be seen there.
    var onWhite = try decode(bytes, name: name, ground: .max) { _, _ in }
    guard let least = onWhite.bytes.min(), let greatest = onWhite.bytes.max(), greatest - least > brightest else {
      return onBlack
    }
    onWhite.isOnWhite = true
    return onWhite
  }

  /// Ink on black that is no brighter cannot be told from it.
  private static let darkest: UInt8 = 32

  /// A picture of bytes, on a ground of one grey where it is transparent.
  private static func decode(
    _ bytes: [UInt8], name: String, ground: UInt8, check: (_ width: Int, _ height: Int) throws -> Void
  ) throws -> GreyPicture {
    try decode(bytes, name: name, bytesPerPixel: PictureLimits.bytesPerPixel, check: check) { image, width, height in
      image.format = 0  // PNG_FORMAT_GRAY: one byte a pixel
      image.flags |= UInt32(PNG_IMAGE_FLAG_16BIT_sRGB)
      var background = png_color(red: ground, green: ground, blue: ground)
      var pixels = [UInt8](repeating: 0, count: width * height)
      guard png_image_finish_read(&image, &background, &pixels, 0, nil) != 0 else { throw failure(image, name) }
      return GreyPicture(width: width, height: height, bytes: pixels)
    }
  }

  /// Whether pixels have an alpha, or one of the colours is transparent.
  private static func mayBeTransparent(_ bytes: [UInt8]) -> Bool {
    guard bytes.count > 25 else { return false }
    var isTransparent = bytes[25] & 4 != 0
    if !isTransparent { eachChunk(of: bytes) { kind, _ in if kind == "tRNS" { isTransparent = true } } }
    return isTransparent
  }

  /// The numbers of a PNG of 16 bits as grey levels 0…65,535 in sRGB, which no byte tells; nil where it has fewer bits.
  ///
  /// - Throws: `DatasetError`.
  static func decodeDeep(
    _ bytes: [UInt8], name: String, check: (_ width: Int, _ height: Int) throws -> Void = { _, _ in }
  ) throws -> (levels: StoredArray, isOnWhite: Bool)? {
    guard bytes.count > 26, bytes.starts(with: magic), bytes[24] == 16 else { return nil }
    var colour = PNGColour()
    eachChunk(of: bytes) { kind, range in colour.read(kind, bytes[range].dropFirst(8).dropLast(4)) }
    let (isColoured, hasAlpha) = (bytes[25] & 2 != 0, mayBeTransparent(bytes))
    let channels = (isColoured ? 3 : 1) + (hasAlpha ? 1 : 0)
    // The numbers in the file, in libpng's buffer and as a float; then the pixel as a float, as another
    // where it is tried on white, and as a byte.
    let bytesPerPixel = 4 * channels + (hasAlpha ? 13 : 9)
    return try decode(
      bytes, name: name, kinds: ["IHDR", "tRNS", "IDAT", "IEND"], bytesPerPixel: bytesPerPixel, check: check
    ) { image, width, height in
      // Without the chunks of colour libpng takes the picture for linear, and linear is what it gives: the very numbers
      // of the file, multiplied by alpha where there is one.
      image.format = UInt32(PNG_FORMAT_FLAG_LINEAR)
      if isColoured { image.format |= UInt32(PNG_FORMAT_FLAG_COLOR) }
      if hasAlpha { image.format |= UInt32(PNG_FORMAT_FLAG_ALPHA) }
      var samples = [UInt16](repeating: 0, count: width * height * channels)
      guard png_image_finish_read(&image, nil, &samples, 0, nil) != 0 else { throw failure(image, name) }
      func levels(on ground: PNGColour.Ground) -> [Float] {
        [Float](unsafeUninitializedCapacity: width * height) { buffer, count in
          for pixel in 0..<width * height {
            let start = pixel * channels
            let alpha = hasAlpha ? samples[start + channels - 1] : .max
            let (second, third) = isColoured ? (start + 1, start + 2) : (start, start)
            buffer.initializeElement(
              at: pixel, to: colour.level(samples[start], samples[second], samples[third], alpha: alpha, on: ground))
          }
          count = width * height
        }
      }
      func array(_ levels: [Float]) -> StoredArray {
        StoredArray(shape: [height, width], type: .unsigned16, elements: .floats(levels))
      }
      let onBlack = levels(on: .black)
      guard hasAlpha, let brightest = onBlack.max(), brightest <= Float(darkest) * 257 else {
        return (array(onBlack), false)
      }
      let onWhite = levels(on: .white)
      guard let least = onWhite.min(), let greatest = onWhite.max(), greatest - least > brightest else {
        return (array(onBlack), false)
      }
      return (array(onWhite), true)
    }
  }

  /// Begins to read a picture, and has `finish` read its pixels once its size is found to be bearable.
  private static func decode<Result>(
    _ bytes: [UInt8], name: String, kinds: Set<String> = Self.kinds, bytesPerPixel: Int,
    check: (_ width: Int, _ height: Int) throws -> Void,
    finish: (_ image: inout png_image, _ width: Int, _ height: Int) throws -> Result
  ) throws -> Result {
    var image = png_image()
    image.version = UInt32(PNG_IMAGE_VERSION)
    defer { png_image_free(&image) }
    return try needed(bytes, kinds).withUnsafeBytes { input in
      guard png_image_begin_read_from_memory(&image, input.baseAddress, input.count) != 0 else {
        throw failure(image, name)
      }
      let (width, height) = (Int(image.width), Int(image.height))
      try check(width, height)
      // One bit a pixel and the best deflate can do: a header that claims more is a lie.
      guard width * height <= bytes.count * 8 * Inflate.largestRatio else {
        throw DatasetError(
          .corrupt, name, "claims \(width)×\(height) pixels in \(bytes.count) bytes",
          remedy: "fetch or copy the file again, or save it again as PNG")
      }
      try PictureLimits.check(width, height, name: name, bytesPerPixel: bytesPerPixel)
      return try finish(&image, width, height)
    }
  }

  private static let kinds: Set<String> = ["IHDR", "PLTE", "tRNS", "gAMA", "cHRM", "sRGB", "IDAT", "IEND"]

  /// The picture without the chunks that say nothing about its pixels: libpng keeps texts and profiles of a file in
  /// memory, unpacked, a thousand times as large as they came.
  private static func needed(_ bytes: [UInt8], _ kinds: Set<String>) -> [UInt8] {
    var ranges: [Range<Int>] = []
    var isWhole = true
    let end = eachChunk(of: bytes) { kind, range in
      if kinds.contains(kind) { ranges.append(range) } else { isWhole = false }
    }
    // The usual picture has nothing else, and is not copied.
    if isWhole { return bytes }
    var kept = Array(bytes.prefix(8))
    for range in ranges { kept += bytes[range] }
    // What is left is a chunk cut short, or nothing.
    return kept + bytes[min(end, bytes.count)...]
  }

  /// Hands over the kind and the place of every whole chunk.
  ///
  /// - Returns: where the last of them ends.
  @discardableResult
  private static func eachChunk(of bytes: [UInt8], _ body: (_ kind: String, _ range: Range<Int>) -> Void) -> Int {
    var position = 8
    while position + 12 <= bytes.count {
      let length = bytes[position..<position + 4].reduce(0) { $0 << 8 | Int($1) }
      guard length <= bytes.count - position - 12 else { break }
      let end = position + 12 + length
      body(String(decoding: bytes[position + 4..<position + 8], as: UTF8.self), position..<end)
      position = end
    }
    return position
  }

  /// Writes an 8-bit grey PNG atomically; `-` is standard output.
  ///
  /// - Throws: `DatasetError` of kind `unwritable`.
  public static func write(_ picture: GreyPicture, to path: String) throws {
    try writeOutput(encode(picture, name: path), to: path)
  }

  /// The bytes of an 8-bit grey PNG.
  ///
  /// - Throws: `DatasetError` of kind `unwritable`.
  public static func encode(_ picture: GreyPicture, name: String = "picture") throws -> [UInt8] {
    guard let width = UInt32(exactly: picture.width), let height = UInt32(exactly: picture.height), width > 0,
      height > 0
    else { throw DatasetError(.unwritable, name, "a picture of \(picture.width)×\(picture.height) fits no PNG") }
    var image = png_image()
    image.version = UInt32(PNG_IMAGE_VERSION)
    image.width = width
    image.height = height
    image.format = 0  // PNG_FORMAT_GRAY
    defer { png_image_free(&image) }
    // libpng's own bound: rows, a filter byte each, and what deflate adds when nothing shrinks.
    var size = picture.bytes.count + picture.height + (picture.bytes.count + picture.height) / 100 + 1024
    return try [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      guard png_image_write_to_memory(&image, buffer.baseAddress, &size, 0, picture.bytes, 0, nil) != 0 else {
        throw DatasetError(.unwritable, name, "libpng cannot write it (\(message(image)))")
      }
      count = size
    }
  }

  private static func failure(_ image: png_image, _ name: String) -> DatasetError {
    DatasetError(.corrupt, name, "is no readable PNG (\(message(image)))", remedy: "save it again as PNG")
  }

  private static func message(_ image: png_image) -> String {
    withUnsafeBytes(of: image.message) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
  }
}
