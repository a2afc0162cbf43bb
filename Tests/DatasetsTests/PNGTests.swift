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
  let transparent =
    "iVBORw0KGgoAAAANSUhEUgAAAAMAAAABCAQAAACx6dw/AAAAD0lEQVR4nGP8/5+BsfE/AA0HA4H6ylzmAAAAAElFTkSuQmCC"
  let sixteenBit =
    "iVBORw0KGgoAAAANSUhEUgAAAAQAAAABEAAAAACMx4xSAAAAEUlEQVR4nGNgYDAyOnHi/38ACqQD89RBFkoAAAAASUVORK5CYII="

  @Test("Grey pictures keep their values at 1, 8 and 16 bits; the transparent shows black")
  func kinds() throws {
    #expect(
      try PNGFile.decode(base64(Self.grey), name: "grey")
        == GreyPicture(width: 3, height: 2, bytes: [0, 50, 100, 150, 200, 255]))
    #expect(try PNGFile.decode(base64(oneBit), name: "1 bit").bytes == [255, 0, 255, 255])
    #expect(try PNGFile.decode(base64(transparent), name: "alpha").bytes == [255, 0, 128])
    #expect(try PNGFile.decode(base64(sixteenBit), name: "16 bit").bytes == [0, 50, 200, 255])
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
  }
}
