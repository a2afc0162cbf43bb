import FoundationEssentials
import Testing

@testable import Datasets

@Suite("Keeping some labels")
struct LabelPolicyTests {
  /// Images of one pixel with these labels.
  static func set(_ labels: [Int32]?, classNames: [String] = []) throws -> ImageSet {
    let count = labels?.count ?? 5
    return try ImageSet(
      name: "dots", width: 1, height: 1, pixels: [UInt8](repeating: 7, count: count), labels: labels,
      classNames: classNames)
  }

  @Test("N labels stay, as many of each class but for one; the others are unknown", arguments: [1, 10, 37, 100, 999])
  func balanced(count: Int) throws {
    let labels = (0..<2000).map { Int32($0 * 7 % 10) }
    let kept = try #require(Self.set(labels).labelled(.count(count), seed: 3).labels)
    #expect(kept.count == 2000 && kept.count { $0 >= 0 } == count)
    #expect(zip(kept, labels).allSatisfy { $0 == -1 || $0 == $1 })
    let sizes = (0..<10).map { digit in kept.count { $0 == digit } }
    #expect((sizes.max() ?? 0) - (sizes.min() ?? 0) <= 1)
  }

  @Test("A rare class gives all it has, and the others make up for it")
  func rare() throws {
    let labels = [Int32](repeating: 0, count: 50) + [1, 1, 1] + [Int32](repeating: 2, count: 50)
    let kept = try #require(Self.set(labels).labelled(.count(31), seed: 1).labels)
    #expect((0..<3).map { label in kept.count { $0 == label } } == [14, 3, 14])
    #expect(try Self.set(labels).labelled(.count(103), seed: 1).labels == labels)
  }

  @Test("The choice is a function of the seed, and more labels include fewer")
  func nested() throws {
    let labels = (0..<600).map { Int32($0 % 3) }
    func kept(_ count: Int, _ seed: UInt64) throws -> Set<Int> {
      Set(try LabelPolicy.count(count).kept(of: labels, seed: seed, name: "dots"))
    }
    #expect(try kept(30, 5) == kept(30, 5) && kept(30, 5) != kept(30, 6))
    #expect(try kept(30, 5).isSubset(of: kept(31, 5)) && kept(31, 5).isSubset(of: kept(200, 5)))
  }

  @Test("What is unknown stays unknown and is never counted")
  func unknown() throws {
    let labels: [Int32] = [-1, 0, -1, 1, 0, 1]
    #expect(try Self.set(labels).labelled(.count(2), seed: 1).labels?.count { $0 >= 0 } == 2)
    #expect(failure { _ = try Self.set(labels).labelled(.count(5), seed: 1) }?.problem.contains("5 labels") == true)
    #expect(failure { _ = try Self.set(nil).labelled(.count(1), seed: 1) }?.kind == .mismatch)
    #expect(try Self.set(nil).labelled(.none, seed: 1).labels == nil)
  }

  @Test("The classes stay those of the whole set, with their names")
  func classes() throws {
    let labels: [Int32] = [0, 1, 2, 3]
    let one = try Self.set(labels).labelled(.count(1), seed: 1)
    #expect(one.classCount == 4 && one.className(3) == "3")
    let none = try Self.set(labels, classNames: ["a", "b", "c", "d"]).labelled(.none, seed: 1)
    #expect(none.labels == [-1, -1, -1, -1] && none.classCount == 4 && none.className(3) == "d")
    let (all, whole) = (try Self.set(labels).labelled(.all, seed: 1), try Self.set(labels))
    #expect(all.labels == labels && all.digest == whole.digest)
    #expect(one.digest != all.digest && none.digest != all.digest)
  }

  @Test("It is written and read as a person types it")
  func text() throws {
    for (text, policy) in [("all", LabelPolicy.all), ("none", .none), ("3000", .count(3000))] {
      #expect(LabelPolicy(text) == policy && policy.description == text)
      let data = try JSONEncoder().encode([policy])
      #expect(String(decoding: data, as: UTF8.self) == (Int(text) == nil ? "[\"\(text)\"]" : "[\(text)]"))
      #expect(try JSONDecoder().decode([LabelPolicy].self, from: data) == [policy])
    }
    #expect(LabelPolicy("0") == LabelPolicy.none)
    for text in ["-1", "some", "", "1.5", "1e3"] { #expect(LabelPolicy(text) == nil) }
    #expect(throws: DecodingError.self) { try JSONDecoder().decode([LabelPolicy].self, from: Data("[-4]".utf8)) }
    #expect(throws: DecodingError.self) { try JSONDecoder().decode([LabelPolicy].self, from: Data("[\"few\"]".utf8)) }
  }
}
