import Tensors
import Testing

@testable import Datasets

@Suite("PNG files")
struct PNGTests {
  /// What Pillow wrote: an oracle that is not ours.
  static let grey =
    "iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAAAAAC4HznGAAAAEElEQVR4nGNkMDJimHbiPwAGhwLD7bQTrAAAAABJRU5ErkJggg=="
  let colours =
    "iVBORw0KGgoAAAANSUhEUgAAAAQAAAABCAIAAAB2XpiaAAAAFUlEQVR4nGP4z8DA8J+BgeH/////AR3vBfuzdzNoAAAAAElFTkSuQmCC"
  let oneBit = "iVBORw0KGgoAAAANSUhEUgAAAAQAAAABAQAAAADRRzJgAAAACklEQVR4nGPYAAAAsgCxVQroKgAAAABJRU5ErkJggg=="
  /// Three by three pixels of sixteen bits, with colour and alpha.
  static let deep =
    "iVBORw0KGgoAAAANSUhEUgAAAAMAAAADEAYAAAAGuGn8AAAAUklEQVR4nGNgAIP///20GXwFGP//nxPGMEuB6f9/BkZfZU0Ghgf7/SuUywQY"
    + "H+yfu1j5sALTg/0MTLPcghgYDtYHHHWbL8B4sH7eB7c3CkwH6wGr2BuRF9FVZAAAAABJRU5ErkJggg=="

  static let transparent =
    "iVBORw0KGgoAAAANSUhEUgAAAAMAAAABCAQAAACx6dw/AAAAD0lEQVR4nGP8/5+BsfE/AA0HA4H6ylzmAAAAAElFTkSuQmCC"
  let sixteenBit =
    "iVBORw0KGgoAAAANSUhEUgAAAAQAAAABEAAAAACMx4xSAAAAEUlEQVR4nGNgYDAyOnHi/38ACqQD89RBFkoAAAAASUVORK5CYII="

  @Test("Grey pictures keep their values at 1, 8 and 16 bits; the transparent shows black")
  func kinds() throws {
    #expect(
      try PNGFile.decode(base64(Self.grey), name: "grey")
        == GreyPicture(width: 3, height: 2, bytes: [0, 50, 100, 150, 200, 255]))
    #expect(try PNGFile.decode(base64(oneBit), name: "1 bit").bytes == [255, 0, 255, 255])
    #expect(try PNGFile.decode(base64(Self.transparent), name: "alpha").bytes == [255, 0, 128])
    #expect(try PNGFile.decode(base64(sixteenBit), name: "16 bit").bytes == [0, 50, 200, 255])
  }

  @Test("Dark ink on transparent ground is read on white, and said to be; light ink stays on black")
  func transparentGround() throws {
    let scratch = try Scratch()
    func read(_ file: [UInt8]) throws -> ImageSet { try ImageSet.read(scratch.write("a.png", file)) }
    /// Grey and alpha of eight bits.
    func shallow(_ samples: [UInt8]) -> [UInt8] {
      let header = numbers(UInt32(samples.count / 2)) + numbers(1) + [8, 4, 0, 0, 0]
      return PNGFile.magic + chunk("IHDR", header) + chunk("IDAT", zlib([0] + samples)) + chunk("IEND", [])
    }
    let dark = try read(shallow([0, 0, 0, 255, 10, 255]))
    #expect(dark.bytes(at: 0)[0] == 255 && dark.bytes(at: 0)[1] == 0 && dark.notes.contains { $0.contains("white") })
    for samples: [UInt8] in [[0, 0, 255, 255], [255, 0, 255, 0], [0, 255, 5, 255], [255, 20, 255, 0]] {
      let set = try read(shallow(samples))
      #expect(set.notes.allSatisfy { !$0.contains("transparent") }, "\(samples)")
    }
    let deep = try read(deepPicture(4, width: 2, [0, 0, 0, 65_535]))
    #expect(deep.tensor().elements == [1, 0] && deep.notes.contains { $0.contains("white") })
    #expect(try read(deepPicture(4, width: 2, [0, 0, 65_535, 65_535])).tensor().elements == [0, 1])
  }

  @Test("A picture that claims more pixels than one may have is refused by its header, however well it is packed")
  func limits() throws {
    // 40,000 × 40,000 pixels of one bit: 200 MB of zeros, deflated to some 200 kB.
    let header = numbers(40_000) + numbers(40_000) + [1, 0, 0, 0, 0]
    let rows = zlib([UInt8](repeating: 0, count: 4_000_000))
    let file = PNGFile.magic + chunk("IHDR", header) + chunk("IDAT", rows) + chunk("IEND", [])
    let error = failure { _ = try PNGFile.decode(file + [UInt8](repeating: 0, count: 300_000), name: "bomb") }
    #expect(error?.kind == .tooLarge && error?.problem.contains("40000×40000") == true, "\(String(describing: error))")
  }

  @Test("A picture that memory cannot hold is refused in words")
  func memory() {
    let error = failure { try PictureLimits.check(8192, 8192, name: "p.png", budget: 80 << 20) }
    #expect(error?.kind == .tooLarge && error?.problem.contains("320 MiB") == true)
    #expect(failure { try PictureLimits.check(28, 28, name: "p.png", budget: 80 << 20) } == nil)
  }

  @Test("Sixteen bits of grey are kept as they are")
  func deep() throws {
    let header = numbers(3) + numbers(1) + [16, 0, 0, 0, 0]
    let file =
      PNGFile.magic + chunk("IHDR", header) + chunk("gAMA", numbers(45_455))
      + chunk("IDAT", zlib([0, 0, 0, 1, 44, 255, 255])) + chunk("IEND", [])
    let scratch = try Scratch()
    let set = try ImageSet.read(scratch.write("a.png", file))
    #expect(set.tensor().elements == [0, 300 / 65_535, 1] && set.holdsFloats)
  }

  /// A picture of 16 bits, one row, of kind `color` with as many numbers a pixel as that has.
  private func deepPicture(_ color: UInt8, width: UInt32, _ samples: [UInt16], _ more: [UInt8] = []) -> [UInt8] {
    let header = numbers(width) + numbers(1) + [16, color, 0, 0, 0]
    return PNGFile.magic + chunk("IHDR", header) + more
      + chunk("IDAT", zlib([0] + samples.flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] })) + chunk("IEND", [])
  }

  @Test("Sixteen bits with colour, alpha or a colour that is transparent are not rounded to eight")
  func deepColour() throws {
    let scratch = try Scratch()
    func read(_ file: [UInt8]) throws -> [Float] { try ImageSet.read(scratch.write("a.png", file)).tensor().elements }
    func isNear(_ found: [Float], _ wanted: [Double]) -> Bool {
      found.count == wanted.count && zip(found, wanted).allSatisfy { abs(Double($0) - $1) < 2e-5 }
    }
    // What is grey keeps its number; the rest has the light of its colours (IEC 61966-2-1).
    let greys = deepPicture(2, width: 2, [300, 300, 300, 30_001, 30_001, 30_001])
    #expect(try read(greys) == [300 / 65_535, 30_001 / 65_535])
    #expect(isNear(try read(deepPicture(2, width: 2, [10_000, 20_000, 30_000, 0, 65_535, 0])), [0.296068, 0.862465]))
    #expect(try read(deepPicture(4, width: 2, [300, 65_535, 30_001, 65_535])) == [300 / 65_535, 30_001 / 65_535])
    // Half of the light of white and of a grey, on black.
    let halves = deepPicture(4, width: 3, [65_535, 32_768, 30_000, 32_768, 9, 0])
    #expect(isNear(try read(halves), [0.735362, 0.329141, 0]))
    #expect(isNear(try read(deepPicture(6, width: 1, [10_000, 20_000, 30_000, 20_000])), [0.159111]))
    let transparent = chunk("tRNS", [1, 44])
    #expect(try read(deepPicture(0, width: 2, [300, 30_001], transparent)) == [0, 30_001 / 65_535])
    // Light itself: one half of it is brighter than the number says.
    let linear = chunk("gAMA", numbers(100_000))
    #expect(isNear(try read(deepPicture(0, width: 2, [32_768, 300], linear)), [0.735362, 0.056821]))
    // Bytes that came as sixteen bits are bytes again.
    let set = try ImageSet.read(scratch.write("a.png", deepPicture(2, width: 1, [25_700, 25_700, 25_700])))
    #expect(!set.holdsFloats && set.bytes(at: 0) == [100])
  }

  @Test("What sixteen bits of colour take of memory is counted before they are unpacked")
  func deepMemory() throws {
    let header = numbers(9_000) + numbers(9_000) + [16, 6, 0, 0, 0]
    let file = PNGFile.magic + chunk("IHDR", header) + chunk("IDAT", zlib([0])) + chunk("IEND", [])
    let error = failure { _ = try PNGFile.decodeDeep(file + [UInt8](repeating: 0, count: 300_000), name: "bomb") }
    #expect(error?.kind == .tooLarge, "\(String(describing: error))")
  }

  @Test("Texts in a picture are not unpacked, and the width may be looked at before any pixel is")
  func texts() throws {
    let whole = try base64(Self.grey)
    let text = chunk("zTXt", Array("Comment".utf8) + [0, 0] + zlib([UInt8](repeating: 65, count: 4_000_000)))
    let end = whole.count - 12
    let file = Array(whole[..<33]) + Array(repeating: text, count: 200).flatMap { $0 } + whole[33..<end] + whole[end...]
    #expect(try PNGFile.decode(file, name: "texts").bytes == [0, 50, 100, 150, 200, 255])
    let refused = failure {
      _ = try PNGFile.decode(whole, name: "a") { width, height in
        throw DatasetError(.mismatch, "a", "\(width)×\(height)")
      }
    }
    #expect(refused?.problem == "3×2")
  }

  @Test("Interlaced pictures and palettes with transparency say the same as plain ones")
  func interlacedAndPalette() throws {
    // Adam7: seven passes over a 2×2 picture, of which the first, sixth and seventh have pixels.
    let header = numbers(2) + numbers(2) + [8, 0, 0, 0, 1]
    let interlaced =
      PNGFile.magic + chunk("IHDR", header) + chunk("IDAT", zlib([0, 10, 0, 20, 0, 30, 40]))
      + chunk("IEND", [])
    #expect(try PNGFile.decode(interlaced, name: "interlaced").bytes == [10, 20, 30, 40])
    let palette =
      PNGFile.magic + chunk("IHDR", numbers(2) + numbers(1) + [1, 3, 0, 0, 0])
      + chunk("PLTE", [255, 255, 255, 200, 200, 200]) + chunk("tRNS", [0]) + chunk("IDAT", zlib([0, 0b0100_0000]))
      + chunk("IEND", [])
    #expect(try PNGFile.decode(palette, name: "palette").bytes == [0, 200])
  }

  private func numbers(_ value: UInt32) -> [UInt8] { withUnsafeBytes(of: value.bigEndian) { Array($0) } }

  private func chunk(_ kind: String, _ data: [UInt8]) -> [UInt8] {
    let content = Array(kind.utf8) + data
    let checksum = content.withUnsafeBufferPointer { UInt32(crc32OfBytes($0)) }
    return numbers(UInt32(data.count)) + content + numbers(checksum)
  }

  /// Bytes as PNG packs them: raw deflate between a header and Adler's checksum.
  private func zlib(_ bytes: [UInt8]) -> [UInt8] {
    var (a, b): (UInt32, UInt32) = (1, 0)
    for byte in bytes { (a, b) = ((a + UInt32(byte)) % 65_521, (b + (a + UInt32(byte)) % 65_521) % 65_521) }
    return [0x78, 0x9c] + deflated(bytes, gzip: false) + numbers(b << 16 | a)
  }

  @Test("Colours become grey in the order of their luminance: blue, red, green, white")
  func luminance() throws {
    let bytes = try PNGFile.decode(base64(colours), name: "colours").bytes
    #expect(bytes[2] < bytes[0] && bytes[0] < bytes[1] && bytes[1] < bytes[3] && bytes[3] == 255)
  }

  @Test("What is written is read back, whatever its size")
  func roundTrip() throws {
    for (width, height) in [(1, 1), (28, 28), (3, 100), (257, 2)] {
      let picture = GreyPicture(
        width: width, height: height, bytes: (0..<width * height).map { UInt8(truncatingIfNeeded: $0 &* 73 ^ $0 >> 3) })
      #expect(try PNGFile.decode(PNGFile.encode(picture), name: "round trip") == picture)
    }
  }

  @Test("A picture cut short or no picture at all is an error, not black pixels")
  func broken() throws {
    let whole = try base64(Self.grey)
    for length in 0..<(whole.count - 16) {
      #expect(failure { _ = try PNGFile.decode(Array(whole[..<length]), name: "cut") }?.kind == .corrupt)
    }
  }

  @Test("A sheet puts images in rows with gaps between and around, a strip in one row")
  func sheet() throws {
    let images = Tensor(shape: [3, 2], elements: [1, 0, 0, 1, 0.5, 2])
    let sheet = try ImageSheet.compose(images, width: 2, height: 1, columns: 2, gap: 1, background: 9)
    #expect(
      sheet
        == GreyPicture(
          width: 7, height: 5,
          bytes: [
            9, 9, 9, 9, 9, 9, 9,
            9, 255, 0, 9, 0, 255, 9,
            9, 9, 9, 9, 9, 9, 9,
            9, 128, 255, 9, 9, 9, 9,
            9, 9, 9, 9, 9, 9, 9,
          ]))
    let strip = try ImageSheet.compose(images, width: 2, height: 1, columns: 3, gap: 0, scale: 2)
    #expect(strip.width == 12 && strip.height == 2 && Array(strip.bytes[..<4]) == [255, 255, 0, 0])
    #expect(failure { _ = try ImageSheet.compose(images, width: 3, height: 1) }?.kind == .mismatch)
    // One image is a picture, and no sheet.
    let one = try ImageSheet.compose(images.rows(0..<1), width: 2, height: 1)
    #expect(one == GreyPicture(width: 2, height: 1, bytes: [255, 0]))
    #expect(try ImageSheet.compose(images.rows(0..<2), width: 2, height: 1).height == 5)
  }
}
