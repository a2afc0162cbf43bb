import Testing

@testable import Datasets

@Suite("JPEG files")
struct JPEGTests {
  /// What Pillow wrote of an 8×16 ramp of products: an oracle that is not ours.
  static let grey =
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAIBAQEBAQIBAQECAgICAgQDAgICAgUEBAMEBgUGBgYFBgYGBwkIBgcJBwYGCAsICQoKCgoKBggLDAsKDAkKCgr/wAALCAAIABABAREA/8QAHwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUFBAQAAAF9AQIDAAQRBRIhMUEGE1FhByJxFDKBkaEII0KxwRVS0fAkM2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKTlJWWl5iZmqKjpKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi4+Tl5ufo6erx8vP09fb3+Pn6/9oACAEBAAA/APjP9jb9jb/j0/4lX93+Cv1g/Y2/Y2/49P8AiVf3f4K//9k="
  static let progressive =
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAIBAQEBAQIBAQECAgICAgQDAgICAgUEBAMEBgUGBgYFBgYGBwkIBgcJBwYGCAsICQoKCgoKBggLDAsKDAkKCgr/wgALCAAIABABAREA/8QAFQABAQAAAAAAAAAAAAAAAAAABwj/2gAIAQEAAAABGaw//8QAFRABAQAAAAAAAAAAAAAAAAAABgD/2gAIAQEAAQUCGjYaNv/EABYQAAMAAAAAAAAAAAAAAAAAAAACI//aAAgBAQAGPwJZCyP/xAAWEAADAAAAAAAAAAAAAAAAAAAAQaH/2gAIAQEAAT8hhIhI/9oACAEBAAAAED//xAAUEAEAAAAAAAAAAAAAAAAAAAAQ/9oACAEBAAE/ED33/9k="
  /// Green at the left, black at the right.
  static let colour =
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAIBAQEBAQIBAQECAgICAgQDAgICAgUEBAMEBgUGBgYFBgYGBwkIBgcJBwYGCAsICQoKCgoKBggLDAsKDAkKCgr/2wBDAQICAgICAgUDAwUKBwYHCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgr/wAARCAAIABADASIAAhEBAxEB/8QAHwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUFBAQAAAF9AQIDAAQRBRIhMUEGE1FhByJxFDKBkaEII0KxwRVS0fAkM2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKTlJWWl5iZmqKjpKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi4+Tl5ufo6erx8vP09fb3+Pn6/8QAHwEAAwEBAQEBAQEBAQAAAAAAAAECAwQFBgcICQoL/8QAtREAAgECBAQDBAcFBAQAAQJ3AAECAxEEBSExBhJBUQdhcRMiMoEIFEKRobHBCSMzUvAVYnLRChYkNOEl8RcYGRomJygpKjU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVmZ2hpanN0dXZ3eHl6goOEhYaHiImKkpOUlZaXmJmaoqOkpaanqKmqsrO0tba3uLm6wsPExcbHyMnK0tPU1dbX2Nna4uPk5ebn6Onq8vP09fb3+Pn6/9oADAMBAAIRAxEAPwD1iv5p6KK/lf6M/wDzNf8AuB/7mP4p+h7/AMzv/uW/92D/2Q=="

  @Test("Grey and progressive files hold what was drawn within JPEG's own loss; colours become their luminance")
  func kinds() throws {
    for file in [Self.grey, Self.progressive] {
      let picture = try JPEGFile.decode(base64(file), name: "a.jpg")
      #expect(picture.width == 16 && picture.height == 8)
      for y in 0..<8 { for x in 0..<16 { #expect(abs(Int(picture.bytes[y * 16 + x]) - 11 * (x + y)) <= 1) } }
    }
    let colour = try JPEGFile.decode(base64(Self.colour), name: "a.jpg").bytes
    #expect(219...221 ~= colour[0] && colour[15] < 10)
  }

  /// Three stripes, red, blue and green of middling saturation, as Pillow writes them in both formats.
  static let stripes = (
    jpeg:
      "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAIBAQEBAQIBAQECAgICAgQDAgICAgUEBAMEBgUGBgYFBgYGBwkIBgcJBwYGCAsICQoKCgoKBggLDAsKDAkKCgr/2wBDAQICAgICAgUDAwUKBwYHCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgr/wAARCAAIABgDAREAAhEBAxEB/8QAHwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUFBAQAAAF9AQIDAAQRBRIhMUEGE1FhByJxFDKBkaEII0KxwRVS0fAkM2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKTlJWWl5iZmqKjpKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi4+Tl5ufo6erx8vP09fb3+Pn6/8QAHwEAAwEBAQEBAQEBAQAAAAAAAAECAwQFBgcICQoL/8QAtREAAgECBAQDBAcFBAQAAQJ3AAECAxEEBSExBhJBUQdhcRMiMoEIFEKRobHBCSMzUvAVYnLRChYkNOEl8RcYGRomJygpKjU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVmZ2hpanN0dXZ3eHl6goOEhYaHiImKkpOUlZaXmJmaoqOkpaanqKmqsrO0tba3uLm6wsPExcbHyMnK0tPU1dbX2Nna4uPk5ebn6Onq8vP09fb3+Pn6/9oADAMBAAIRAxEAPwD5br+fz/UQ83r/AHUP8Sz9PK/54z6A/9k=",
    png:
      "iVBORw0KGgoAAAANSUhEUgAAABgAAAAICAIAAABsw6g0AAAAI0lEQVR4nGM8oSHHgA2EiezDKh5VkYBVnAmrKBlg1KChaBAAfn0DeNFPbHMAAAAASUVORK5CYII="
  )

  @Test("A coloured picture has the same greys whether it is stored as PNG or as JPEG")
  func formats() throws {
    let jpeg = try JPEGFile.decode(base64(Self.stripes.jpeg), name: "a.jpg").bytes
    let png = try PNGFile.decode(base64(Self.stripes.png), name: "a.png").bytes
    for (column, level) in [(4, 104), (12, 83), (20, 164)] {
      #expect(abs(Int(jpeg[96 + column]) - level) <= 1 && abs(Int(png[96 + column]) - level) <= 1, "\(column)")
    }
  }

  /// Four inks as Pillow writes them, with the mark of Adobe: green, and brown in the lower right corner.
  static let inks =
    "/9j/7gAOQWRvYmUAZAAAAAAA/9sAQwAIBgYHBgUIBwcHCQkICgwUDQwLCwwZEhMPFB0aHx4dGhwcICQuJyAiLCMcHCg3KSwwMTQ0NB8nOT04MjwuMzQy/8AAFAgACAAQBEMRAE0RAFkRAEsRAP/EABcAAAMBAAAAAAAAAAAAAAAAAAAHCAT/xAAfEAEAAAQHAAAAAAAAAAAAAAAAFRYX4WNkZqKjpOP/2gAOBEMATQBZAEsAAD8An8+k/n+clBtSdH0RHLeb47t8Nxdtw//Z"

  @Test("A picture of four inks becomes the luminance of its colours, whether the inks or what lacks of them is stored")
  func fourInks() throws {
    let file = try base64(Self.inks)
    let picture = try JPEGFile.decode(file, name: "a.jpg")
    #expect(picture.width == 16 && picture.height == 8)
    #expect(abs(Int(picture.bytes[0]) - 216) <= 2 && picture.bytes[15] < 3 && abs(Int(picture.bytes[127]) - 110) <= 2)
    // Without the mark the same numbers are of ink.
    let mark = try #require(file.firstRange(of: [0xff, 0xee]))
    var turned = file
    turned.removeSubrange(mark.lowerBound..<mark.lowerBound + 16)
    #expect(try JPEGFile.decode(turned, name: "a.jpg").bytes[0] < 3)
  }

  @Test("A file cut short is an error at every length, not a grey picture")
  func cut() throws {
    let whole = try base64(Self.grey)
    for length in 3..<whole.count - 2 {
      #expect(failure { _ = try JPEGFile.decode(Array(whole[..<length]), name: "cut") } != nil, "\(length)")
    }
  }

  @Test("A header that claims more than its bytes can hold is refused before memory is asked for")
  func claims() throws {
    var file = try base64(Self.grey)
    let start = try #require(file.firstRange(of: [0xff, 0xc0]))
    file.replaceSubrange(start.upperBound + 3..<start.upperBound + 7, with: [0xff, 0xdc, 0xff, 0xdc])
    #expect(failure { _ = try JPEGFile.decode(file, name: "a.jpg") }?.kind == .corrupt)
    #expect(
      failure {
        _ = try JPEGFile.decode(base64(Self.grey), name: "a.jpg") { _, _ in throw DatasetError(.mismatch, "a", "no") }
      }?.kind == .mismatch)
  }

  @Test("A JPEG is opened wherever a PNG is, beside others")
  func reading() throws {
    let scratch = try Scratch()
    let path = try scratch.write("b.jpg", base64(Self.grey))
    _ = try scratch.write("a.JPEG", base64(Self.progressive))
    #expect(try ImageSet.read(path).width == 16)
    #expect(try ImageSet.read(scratch.path).count == 2)
  }

  @Test("A JPEG whose 24th byte is what tells a deep PNG is a JPEG still")
  func noPNG() throws {
    let scratch = try Scratch()
    var file = try base64(Self.grey)
    file.insert(contentsOf: [0xff, 0xfe, 0, 10] + [UInt8](repeating: 16, count: 8), at: 20)
    #expect(try ImageSet.read(scratch.write("c.jpg", file)).width == 16)
  }
}
