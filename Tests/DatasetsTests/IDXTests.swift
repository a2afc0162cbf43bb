import Testing

@testable import Datasets

@Suite("IDX files")
struct IDXTests {
  let images = idx([2, 2, 3], Array(0..<12))

  @Test("A plain and a gzipped file say the same")
  func plainAndGzipped() throws {
    let plain = try IDX.decode(images, name: "plain")
    #expect(plain == StoredArray(shape: [2, 2, 3], type: .unsigned8, elements: .bytes(Array(0..<12))))
    #expect(try IDX.decode(deflated(images, gzip: true), name: "packed") == plain)
  }

  @Test("A gzip file of several members is read to its end")
  func severalMembers() throws {
    let packed = deflated(Array(images[..<7]), gzip: true) + deflated(Array(images[7...]), gzip: true)
    #expect(try IDX.decode(packed, name: "packed").elements == .bytes(Array(0..<12)))
  }

  @Test("Every way of cutting a file short is called truncated", arguments: [true, false])
  func truncated(gzip: Bool) throws {
    let whole = gzip ? deflated(images, gzip: true) : images
    for length in 4..<whole.count {
      let error = try #require(failure { _ = try IDX.decode(Array(whole[..<length]), name: "cut") })
      #expect(error.kind == .truncated, "\(length) of \(whole.count) bytes: \(error)")
      #expect(error.description.hasPrefix("cut: "))
    }
  }

  @Test("A flipped bit in compressed data is called damage")
  func corrupt() throws {
    var packed = deflated(idx([4, 8, 8], (0..<256).map { UInt8($0 &* 37 & 255) }), gzip: true)
    packed[packed.count - 6] ^= 1  // in the checksum
    #expect(failure { _ = try IDX.decode(packed, name: "damaged") }?.kind == .corrupt)
  }

  @Test("A bomb that unpacks to more than its header promises is refused")
  func bomb() throws {
    let bomb = deflated(idx([1, 2, 2], [UInt8](repeating: 0, count: 4_000_000)), gzip: true)
    #expect(failure { _ = try IDX.decode(bomb, name: "bomb") }?.kind == .tooLarge)
  }

  @Test("A header that promises the moon, has other elements, or is none is named as such")
  func headers() throws {
    let cases: [([UInt8], DatasetError.Kind)] = [
      ([0, 0, 8, 3] + [UInt8](repeating: 0xff, count: 12), .corrupt),
      ([0, 0, 8, 3, 0, 1, 0, 0, 0, 0, 0, 28, 0, 0, 0, 28], .truncated),
      ([0, 0, 13, 1, 0, 0, 0, 1, 0, 0, 0], .truncated), ([0, 0, 10, 1, 0, 0, 0, 1, 0], .unsupported),
      ([1, 2, 3, 4], .corrupt), ([], .truncated), (idx([1, 1, 1], [1, 2]), .corrupt),
    ]
    for (bytes, kind) in cases { #expect(failure { _ = try IDX.decode(bytes, name: "file") }?.kind == kind) }
  }

  @Test(
    "The real MNIST test set is read with its labels and has the published digests", .enabled(if: mnistFolder != nil))
  func mnist() throws {
    let folder = try #require(mnistFolder)
    let set = try ImageSet.read("\(folder)/t10k-images-idx3-ubyte.gz")
    #expect(set.count == 10_000 && set.width == 28 && set.height == 28)
    #expect(Array(try #require(set.labels)[..<10]) == [7, 2, 1, 0, 4, 1, 4, 9, 5, 9])
    let bytes = set.withUnsafeBytes { pixels, _ in Array(pixels) }
    #expect(
      Digest.sha256(idx([10_000, 28, 28], bytes)) == "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7")
  }
}
