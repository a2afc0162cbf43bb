import Analysis
import Tensors
import Testing

@testable import Datasets

@Suite("Strokes, the built-in data set")
struct StrokesTests {
  /// Moments of the ink of one picture.
  struct Ink {
    var mass: Float = 0
    var centre = SIMD2<Float>.zero
    var shear: Float = 0
    var width = 0
    var height = 0

    init(_ bytes: [UInt8]) {
      var (columns, rows) = (Set<Int>(), Set<Int>())
      for (index, byte) in bytes.enumerated() where byte > 0 {
        let weight = Float(byte) / 255
        mass += weight
        centre += SIMD2(Float(index % 28) + 0.5, Float(index / 28) + 0.5) * weight
        if byte > 60 {
          columns.insert(index % 28)
          rows.insert(index / 28)
        }
      }
      centre /= mass
      var (across, down): (Float, Float) = (0, 0)
      for (index, byte) in bytes.enumerated() where byte > 0 {
        let offset = SIMD2(Float(index % 28) + 0.5, Float(index / 28) + 0.5) - centre
        across -= Float(byte) * offset.x * offset.y
        down += Float(byte) * offset.y * offset.y
      }
      shear = across / down
      (width, height) = (columns.count, rows.count)
    }
  }

  @Test("Sample i of seed s is a function of the two: neither order nor number matter, seeds and parts differ")
  func pure() throws {
    let set = try Strokes.generate(count: 40, seed: 7)
    for index in stride(from: 39, through: 0, by: -3) {
      let sample = Strokes.sample(index, seed: 7)
      #expect(sample.bytes == set.bytes(at: index))
      #expect(Int32(sample.label) == set.labels?[index])
      #expect(sample.factors.values == set.factors.map { $0.values[index] })
    }
    #expect(try Strokes.generate(count: 40, seed: 7).digest == set.digest)
    #expect(try Strokes.generate(count: 40, seed: 8).digest != set.digest)
    #expect(try Strokes.generate(count: 40, seed: 7, part: .test).digest != set.digest)
    #expect(Set((0..<40).map { Strokes.sample($0, seed: 7).bytes }).count == 40)
  }

  @Test("Each digit comes equally often, and every allograph about as often as its share")
  func frequencies() throws {
    let set = try Strokes.generate(count: 10_000)
    let labels = try #require(set.labels)
    let allographs = try #require(set.factors.first { $0.name == "allograph" }).values
    for digit in 0..<10 {
      let rows = labels.indices.filter { labels[$0] == digit }
      #expect(rows.count == 1000)
      #expect(Alphabet.digits[digit].reduce(0) { $0 + $1.share } == 100)
      for (index, allograph) in Alphabet.digits[digit].enumerated() {
        let drawn = rows.count { allographs[$0] == Float(index) }
        // Five deviations of a binomial number.
        let share = Double(allograph.share) / 100
        #expect(abs(Double(drawn) - 1000 * share) < 5 * (1000 * share * (1 - share)).squareRoot())
      }
    }
  }

  /// The outermost pixels.
  static let border: [Int] = (0..<784).filter { pixel in
    let (row, column) = pixel.quotientAndRemainder(dividingBy: 28)
    return row == 0 || row == 27 || column == 0 || column == 27
  }

  @Test("All ink is on the paper, fits MNIST's box of 20 pixels, and lies around MNIST's centre of mass")
  func placement() throws {
    let set = try Strokes.generate(count: 3000, seed: 3)
    var centre = SIMD2<Float>.zero
    for index in 0..<set.count {
      let bytes = set.bytes(at: index)
      let isClear = Self.border.allSatisfy { bytes[$0] == 0 }
      #expect(isClear, "sample \(index)")
      let ink = Ink(bytes)
      #expect((16...22).contains(max(ink.width, ink.height)), "sample \(index)")
      #expect(abs(ink.centre.x - 14.5) < 2 && abs(ink.centre.y - 14.5) < 2, "sample \(index)")
      centre += ink.centre / Float(set.count)
    }
    #expect(abs(centre.x - 14.5) < 0.2 && abs(centre.y - 14.5) < 0.2)
  }

  @Test("The factors are what their names say: each alone changes its own measure of the picture")
  func factors() throws {
    var (slant, tilt, width, size, thickness, top, changed) = (0, 0, 0, 0, 0, 0, 0)
    let trials = 60
    for index in 0..<trials {
      let sample = Strokes.sample(index, seed: 2)
      func ink(_ change: (inout StrokeFactors) -> Void) throws -> Ink {
        var factors = sample.factors
        change(&factors)
        return try Ink(Strokes.image(of: Int(sample.label), factors: factors, asSample: index, seed: 2))
      }
      let original = Ink(sample.bytes)
      #expect(
        try Strokes.image(of: Int(sample.label), factors: sample.factors, asSample: index, seed: 2) == sample.bytes)
      slant += try ink { $0.slant += 0.2 }.shear > original.shear ? 1 : 0
      // The slant stays as it is, however the line rises.
      tilt += try abs(ink { $0.tilt += 0.2 }.shear - original.shear) < 0.1 ? 1 : 0
      width += try ink { $0.width *= 1.25 }.width >= original.width ? 1 : 0
      size += try ink { $0.size += 0.15 }.mass > original.mass ? 1 : 0
      thickness += try ink { $0.thickness *= 1.3 }.mass > original.mass ? 1 : 0
      let (heavy, light) = (try ink { $0.topHeaviness = 0.6 }, try ink { $0.topHeaviness = -0.6 })
      top += heavy.width != light.width || heavy.mass != light.mass ? 1 : 0
      for change: (inout StrokeFactors) -> Void in [{ $0.bow += 0.1 }, { $0.arch += 0.1 }, { $0.curl += 0.8 }] {
        changed += try ink(change).mass != original.mass ? 1 : 0
      }
    }
    #expect(slant == trials && size == trials && thickness == trials)
    #expect(tilt >= trials * 9 / 10 && width >= trials * 9 / 10 && top >= trials * 9 / 10)
    // A line has no ends to curl, and no sides to bend down.
    #expect(changed >= 3 * trials * 9 / 10)
  }

  @Test("What is no digit and no number is refused in words")
  func refusals() throws {
    var factors = Strokes.sample(0).factors
    #expect(failure { _ = try Strokes.image(of: 10, factors: factors) }?.kind == .unknown)
    factors.thickness = .nan
    #expect(failure { _ = try Strokes.image(of: 1, factors: factors) }?.problem.contains("thickness is nan") == true)
    factors.thickness = -.infinity
    #expect(failure { _ = try Strokes.image(of: 1, factors: factors) }?.kind == .mismatch)
    for extreme: Float in [-100, 0, 100] {
      factors.thickness = extreme
      factors.width = extreme
      factors.slant = -extreme
      factors.allograph = Int(extreme)
      for digit in 0..<10 { #expect(try Strokes.image(of: digit, factors: factors).count == 784) }
    }
    #expect(failure { _ = try Strokes.generate(count: -1) }?.kind == .mismatch)
  }

  @Test("The slant is that of the ink, whatever the digit and the allograph")
  func visibleSlant() throws {
    let set = try Strokes.generate(count: 4000, seed: 6)
    let (labels, slants, allographs) = (
      try #require(set.labels), try #require(set.factor("slant")), try #require(set.factor("allograph"))
    )
    let measured = (0..<set.count).map { Ink(set.bytes(at: $0)).shear }
    for digit in 0..<10 {
      for allograph in Alphabet.digits[digit].indices {
        let rows = labels.indices.filter { labels[$0] == digit && allographs[$0] == Float(allograph) }
        let error = rows.reduce(Float(0)) { $0 + measured[$1] - slants[$1] } / Float(rows.count)
        // Ink that crosses itself counts once, which is all that a slant may be off by.
        #expect(abs(error) < 0.15, "\(digit), allograph \(allograph)")
      }
    }
    #expect(Statistics.correlation(measured, slants) > 0.97)
  }

  @Test("Every sample's factors are finite and bounded, however many are drawn")
  func bounds() throws {
    let set = try Strokes.generate(count: 20_000, seed: .max)
    for factor in set.factors { #expect(factor.values.allSatisfy { abs($0) < 10 }, "\(factor.name)") }
    let thickness = try #require(set.factors.first { $0.name == "thickness" }).values
    #expect((thickness.min() ?? 0) > 1 && (thickness.max() ?? 9) < 5.5)
  }

  @Test(
    "A 3-nearest-neighbour classifier on 20,000 strokes knows at least 85 % of MNIST's first 500 test digits",
    .enabled(if: mnistFolder != nil))
  func realism() throws {
    let strokes = try Strokes.generate(count: 20_000)
    let digits = try ImageSet.read(#require(mnistFolder), part: .test).subset(0..<500)
    let truth = try #require(digits.labels)
    let classifier = try NearestNeighbourClassifier(references: strokes.tensor(), labels: #require(strokes.labels))
    let predicted = try classifier.predict(digits.tensor(), pool: WorkerPool(threads: 2))
    #expect(zip(predicted, truth).count { $0 == $1 } >= 425)
  }
}
