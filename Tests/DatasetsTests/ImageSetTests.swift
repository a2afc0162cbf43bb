import Tensors
import Testing

@testable import Datasets

@Suite("Image sets")
struct ImageSetTests {
  let set: ImageSet

  init() throws {
    set = try ImageSet(
      name: "test", width: 2, height: 1, pixels: (0..<20).map { UInt8($0 * 10) }, labels: Array(0..<10),
      factors: [Factor(name: "slant", values: (0..<10).map(Float.init))])
  }

  @Test("A view shares the pixels and reorders labels and factors with them")
  func views() {
    let view = set.subset([7, 2, 7]).subset([1, 2])
    #expect(view.storage === set.storage)
    #expect(view.bytes(at: 0) == [40, 50] && view.bytes(at: 1) == [140, 150])
    #expect(view.labels == [2, 7] && view.factors[0].values == [2, 7])
    #expect(view.tensor() == Tensor(shape: [2, 2], elements: [40, 50, 140, 150].map { $0 / 255 }))
    #expect(set.tensor([9]) == set.tensor(9..<10))
    view.withUnsafeBytes { pixels, rows in
      #expect(pixels.count == 20 && Array(rows) == [2, 7])
    }
  }

  @Test("Equal images in equal order have equal digests, however they are stored; anything else differs")
  func digests() throws {
    let copy = try ImageSet(
      name: "copy", width: 2, height: 1, pixels: Array(0..<4).map { UInt8($0 * 10) }, labels: [0, 1])
    #expect(set.subset(0..<2).digest == copy.digest)
    #expect(set.digest != copy.digest && set.digest.count == 64)
    #expect(set.subset([1, 0]).digest != copy.digest)
    let turned = try ImageSet(name: "copy", width: 1, height: 2, pixels: [0, 10, 20, 30], labels: [0, 1])
    #expect(turned.digest != copy.digest)
  }

  @Test("Labels that are bytes are hashed as bytes, so that the runs of yesterday resume; others are hashed too")
  func digestsOfLabels() throws {
    let bytes: [UInt8] = [7, 255, 0]
    func set(_ labels: [Int32]?, _ names: [String] = []) throws -> ImageSet {
      try ImageSet(name: "x", width: 1, height: 1, pixels: bytes, labels: labels, classNames: names)
    }
    func numbers(_ values: [UInt64]) -> [UInt8] {
      values.flatMap { value in (0..<8).map { UInt8(value >> (8 * $0) & 255) } }
    }
    #expect(try set([3, 0, 255]).digest == Digest.sha256(numbers([1, 1, 3]) + bytes + [3, 0, 255]))
    #expect(try set([0, 1, 0], ["no", "yes"]).digest == set([0, 1, 0]).digest, "names are no data")
    let digests = try [set(nil), set([3, 0, 255]), set([3, 0, 256]), set([3, -1, 255])].map(\.digest)
    #expect(Set(digests).count == 4)
  }

  @Test("Classes have any number, names where they were given, and need not all be known")
  func classes() throws {
    let set = try ImageSet(
      name: "x", width: 1, height: 1, pixels: [1, 2, 3], labels: [1, -1, 0], classNames: ["cat", "dog", "owl"])
    #expect(set.classCount == 3 && set.className(1) == "dog" && set.className(-1) == "?")
    #expect(set.labelled().labels == [1, 0] && set.labelled().classNames.count == 3)
    #expect(set.withoutLabels().labels == nil && set.subset([1]).labelled().labels == nil)
    let many = try ImageSet(name: "x", width: 1, height: 1, pixels: [1], labels: [4711])
    #expect(many.classCount == 4712 && many.className(4711) == "4711")
    for labels: [Int32] in [[-2], [3], [.max]] {
      let error = failure {
        _ = try ImageSet(name: "x", width: 1, height: 1, pixels: [1], labels: labels, classNames: ["a", "b", "c"])
      }
      #expect(error?.kind == .mismatch)
    }
    #expect(
      failure { _ = try ImageSet(name: "x", width: 1, height: 1, pixels: [1], labels: [.max]) }?.kind == .mismatch)
  }

  @Test("A split holds out as many as asked for, loses none, and depends on the seed alone")
  func split() throws {
    let (training, heldOut) = try set.split(heldOut: 3, seed: 5)
    #expect(training.count == 7 && heldOut.count == 3 && training.storage === set.storage)
    #expect((training.rows + heldOut.rows).sorted() == Array(0..<10))
    #expect(try set.split(heldOut: 3, seed: 5).heldOut.rows == heldOut.rows)
    let others = try (6..<16).map { try set.split(heldOut: 3, seed: $0).heldOut.rows }
    #expect(Set(others + [heldOut.rows]).count > 5)
    #expect(training.rows == training.rows.sorted())
    #expect(try set.split(heldOut: 0, seed: 1).training.digest == set.digest)
    #expect(failure { _ = try set.split(heldOut: 11, seed: 1) }?.kind == .mismatch)
  }

  @Test("Counts that disagree are errors")
  func mismatch() {
    #expect(failure { _ = try ImageSet(name: "x", width: 3, height: 1, pixels: [1, 2]) }?.kind == .mismatch)
    #expect(failure { _ = try ImageSet(name: "x", width: 0, height: 1, pixels: []) }?.kind == .mismatch)
    #expect(
      failure { _ = try ImageSet(name: "x", width: 1, height: 1, pixels: [1], labels: [1, 2]) }?.kind == .mismatch)
  }
}
