import Testing

@testable import Datasets

@Suite("Attributes of images")
struct AttributeTests {
  @Test("A continuous factor is cut in two at its median, or where another set was")
  func halves() throws {
    let set = try Strokes.generate(count: 1000, seed: 2)
    let pen = try set.attribute("thickness")
    #expect(pen.valueNames == ["thin", "thick"] && pen.values.count { $0 == 1 } == 500)
    let (threshold, values) = (try #require(pen.threshold), try #require(set.factor("thickness")))
    #expect(zip(values, pen.values).allSatisfy { ($0 >= threshold) == ($1 == 1) })
    let other = try Strokes.generate(count: 100, seed: 3).attribute("thickness", threshold: 3)
    #expect(other.threshold == 3 && other.values.count { $0 == 1 } < 50)
  }

  @Test func aFactorOfWhichHalfIsItsLeastValueIsCutAboveIt() throws {
    let set = try ImageSet(
      name: "x", width: 1, height: 1, pixels: [1, 2, 3, 4, 5],
      factors: [
        Factor(name: "noise", values: [0, 0.5, 0, 0.25, 0]),
        Factor(name: "fixed", values: [0.37, 0.37, 0.37, 0.37, 0.37]),
      ])
    let noise = try set.attribute("noise")
    #expect(noise.threshold == 0.25 && noise.values == [0, 1, 0, 1, 0])
    #expect(try set.attribute("fixed").threshold == 0.37)
  }

  @Test("Choices and labels are taken as they are")
  func choices() throws {
    let set = try Strokes.generate(count: 200, seed: 2)
    #expect(try set.attribute("label").values == set.labels)
    let allograph = try set.attribute("allograph")
    #expect(allograph.threshold == nil && allograph.values.map(Float.init) == set.factor("allograph"))
    #expect(allograph.valueNames.count == 4)
  }

  @Test("Images are turned once, by an angle that is a number")
  func turns() throws {
    let set = try Strokes.generate(count: 4).halfRotated(seed: 1)
    let again = try #require(failure { _ = try set.halfRotated(seed: 1) })
    #expect(again.kind == .mismatch && again.problem == "half of its images are turned already")
    let angle = try #require(failure { _ = try Strokes.generate(count: 4).halfRotated(by: .nan, seed: 1) })
    #expect(angle.kind == .mismatch && angle.problem.contains("no angle to turn images by"))
  }

  @Test("A property that is not there is named, with those that are")
  func unknown() throws {
    let error = try #require(failure { _ = try Strokes.generate(count: 10).attribute("colour") })
    #expect(error.kind == .unknown && error.remedy?.contains("label, slant") == true)
    let bare = try ImageSet(name: "bare", width: 1, height: 1, pixels: [1])
    #expect(failure { _ = try bare.attribute("label") }?.kind == .unknown)
  }

  @Test("Half of the images, chosen by the seed, are turned, and the factor says which")
  func halfRotated() throws {
    let set = try Strokes.generate(count: 60, seed: 4)
    let turned = try set.halfRotated(seed: 9)
    let flags = try #require(turned.factor("rotated"))
    #expect(
      flags.count { $0 == 1 } == 30 && turned.labels == set.labels && turned.factors.count == set.factors.count + 1)
    for index in 0..<60 { #expect((turned.bytes(at: index) == set.bytes(at: index)) == (flags[index] == 0)) }
    #expect(try set.halfRotated(seed: 9).digest == turned.digest)
    #expect(try set.halfRotated(seed: 8).digest != turned.digest)
    #expect(try turned.attribute("rotated").valueNames == ["not rotated", "rotated"])
    // A view of some rows turns those rows.
    let view = set.subset([5, 3, 8])
    #expect(try view.halfRotated(by: 0, seed: 1).bytes(at: 1) == set.bytes(at: 3))
    #expect(failure { _ = try turned.halfRotated(seed: 1) }?.kind == .mismatch)
    #expect(failure { _ = try set.halfRotated(by: .nan, seed: 1) }?.kind == .mismatch)
  }

  @Test("Turning is anticlockwise, exact for quarter turns, and mixes the four pixels around")
  func turning() throws {
    let image: [UInt8] = [10, 20, 30, 40, 50, 60, 70, 80, 90]
    let pair = try ImageSet(name: "pair", width: 3, height: 3, pixels: image + image)
    func turned(_ degrees: Float) throws -> [UInt8] {
      let set = try pair.halfRotated(by: degrees, seed: 1)
      let row = try #require(set.factor("rotated")?.firstIndex(of: 1))
      return set.bytes(at: row)
    }
    #expect(try turned(90) == [30, 60, 90, 20, 50, 80, 10, 40, 70])
    #expect(try turned(180) == image.reversed())
    #expect(try turned(360) == image)
    #expect(try turned(0) == image)
    // By an eighth the middle of the top row comes to its left corner's direction: the middle stays.
    #expect(try turned(45)[4] == 50)
  }
}
