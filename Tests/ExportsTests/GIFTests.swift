import Datasets
import Tensors
import Testing

@testable import Exports

/// A reader of the GIFs that are written here, as the format's description has it.
private struct GIFReader {
  private(set) var width = 0
  private(set) var height = 0
  private(set) var frames: [[UInt8]] = []
  private(set) var hundredths: [Int] = []
  private(set) var repeats = false

  init?(_ bytes: [UInt8]) {
    guard bytes.count > 13, Array(bytes[0..<6]) == Array("GIF89a".utf8), bytes[10] == 0xF7 else { return nil }
    width = Int(bytes[6]) | Int(bytes[7]) << 8
    height = Int(bytes[8]) | Int(bytes[9]) << 8
    for grey in 0..<256 where bytes[13 + 3 * grey] != UInt8(grey) { return nil }
    var place = 13 + 768
    func blocks() -> [UInt8] {
      var data: [UInt8] = []
      while bytes[place] != 0 {
        data += bytes[place + 1...place + Int(bytes[place])]
        place += Int(bytes[place]) + 1
      }
      place += 1
      return data
    }
    while place < bytes.count {
      switch bytes[place] {
      case 0x21:
        let label = bytes[place + 1]
        place += 2
        let data = blocks()
        if label == 0xFF { repeats = data.starts(with: Array("NETSCAPE2.0".utf8)) }
        if label == 0xF9 { hundredths.append(Int(data[1]) | Int(data[2]) << 8) }
      case 0x2C:
        place += 10
        let size = Int(bytes[place])
        place += 1
        guard let pixels = Self.unpack(blocks(), size) else { return nil }
        frames.append(pixels)
      case 0x3B:
        guard place == bytes.count - 1 else { return nil }
        place += 1
      default: return nil
      }
    }
  }

  private static func unpack(_ data: [UInt8], _ size: Int) -> [UInt8]? {
    let (clear, end) = (1 << size, 1 << size + 1)
    var table: [[UInt8]] = []
    func reset() { table = (0..<clear).map { [UInt8($0)] } + [[], []] }
    reset()
    var (width, bit) = (size + 1, 0)
    var previous: [UInt8]?
    var pixels: [UInt8] = []
    while bit + width <= data.count * 8 {
      var code = 0
      for offset in 0..<width { code |= Int(data[(bit + offset) / 8] >> ((bit + offset) % 8) & 1) << offset }
      bit += width
      if code == clear {
        reset()
        width = size + 1
        previous = nil
      } else if code == end {
        return pixels
      } else {
        guard code < table.count || (code == table.count && previous != nil) else { return nil }
        let entry = code < table.count ? table[code] : (previous ?? []) + [previous?.first ?? 0]
        pixels += entry
        if let previous, table.count < 4096 { table.append(previous + [entry[0]]) }
        if table.count == 1 << width, width < 12 { width += 1 }
        previous = entry
      }
    }
    return nil
  }
}

@Suite struct GIFTests {
  private func picture(_ width: Int, _ height: Int, _ value: (Int) -> UInt8) -> GreyPicture {
    GreyPicture(width: width, height: height, bytes: (0..<width * height).map(value))
  }

  @Test func everyPixelComesBackWhateverThePictureIsLike() throws {
    let random = CounterRandom(seed: 6)
    // Noise fills the table of strings many times; one colour makes the longest strings; small ones end at once.
    let pictures = [
      picture(300, 250) { UInt8(random.integer(below: 256, UInt64($0))) }, picture(300, 250) { _ in 7 },
      picture(300, 250) { UInt8($0 % 300 * 255 / 299) }, picture(300, 250) { UInt8($0 / 300 % 2 * 255) },
    ]
    let read = try #require(GIFReader(try GIF.encode(Animation(frames: pictures, seconds: 0.25))))
    #expect(read.width == 300 && read.height == 250 && read.repeats)
    #expect(read.hundredths == [25, 25, 25, 25])
    for (frame, picture) in zip(read.frames, pictures) { #expect(frame == picture.bytes) }
    for size in 1...700 {
      let small = picture(size, 1) { UInt8(truncatingIfNeeded: $0 * 37 % 251) }
      #expect(GIFReader(try GIF.encode(Animation(frames: [small])))?.frames == [small.bytes])
    }
  }

  @Test func imagesBecomeFramesOfSquares() throws {
    let images = Tensor(shape: [2, 2], elements: [0, 1, 0.5, 0])
    let read = try #require(GIFReader(try GIF.encode(Animation(images, width: 2, height: 1, magnification: 3))))
    #expect(read.frames.count == 2 && read.width == 6 && read.height == 3)
    #expect(read.frames.first?.prefix(6) == [0, 0, 0, 255, 255, 255])
  }

  @Test func framesAreMadeOneByOneAndTooManyAreRefusedAfterTheFirst() throws {
    let one = Tensor(shape: [1, 4], elements: [0, 0.5, 1, 0.25])
    var made = 0
    let many = Animation(count: 1 << 40, width: 2, height: 2) { body in
      for _ in 0..<3 {
        made += 1
        try body(one)
      }
    }
    #expect(throws: DatasetError.self) { try GIF.encode(many) }
    #expect(made == 1)
  }

  @Test func whatIsNoAnimationIsRefused() {
    #expect(throws: DatasetError.self) { try GIF.encode(Animation(frames: [])) }
    #expect(throws: DatasetError.self) {
      try GIF.encode(Animation(frames: [picture(2, 2) { _ in 0 }, picture(3, 2) { _ in 0 }]))
    }
  }
}
