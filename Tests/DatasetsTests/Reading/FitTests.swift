import Tensors
import Testing

@testable import Datasets

@Suite("Making images fit")
struct FitTests {
  private func fitted(_ fit: ImageFit, _ pixels: [Float], _ width: Int, _ height: Int, _ shape: String) throws
    -> [Float]
  {
    ImageFitting(try #require(ImageShape(shape))).fitted(fit, pixels, width: width, height: height)
  }

  @Test("Cropping takes the middle and changes no value; what is short gets black around it")
  func crop() throws {
    let image = (0..<16).map(Float.init)
    #expect(try fitted(.crop, image, 4, 4, "2x2") == [5, 6, 9, 10])
    #expect(try fitted(.crop, [7], 1, 1, "3x3") == [0, 0, 0, 0, 7, 0, 0, 0, 0])
    #expect(try fitted(.crop, [1, 2, 3], 3, 1, "3x1") == [0, 2, 0])
  }

  @Test("Scaling keeps proportions, and the mean where nothing is cut")
  func scale() throws {
    let flat = try fitted(.scale, [Float](repeating: 0.5, count: 100 * 50), 100, 50, "28x28")
    #expect(flat[0] == 0 && flat[27 * 28] == 0 && abs(flat[14 * 28 + 14] - 0.5) < 1e-6)
    #expect(flat.count { $0 > 0 } == 28 * 14)
    var checks = [Float](repeating: 0, count: 64 * 64)
    for index in checks.indices where (index / 64 + index) % 2 == 1 { checks[index] = 1 }
    let smooth = try fitted(.scale, checks, 64, 64, "8x8")
    #expect(smooth.allSatisfy { value in 0.48...0.52 ~= value }, "no moiré")
    let larger = try fitted(.scale, [0, 1, 1, 0], 2, 2, "6x6")
    #expect(larger[0] == 0 && larger[5] == 1 && larger.allSatisfy { value in 0...1 ~= value })
  }

  @Test("Centring puts the ink into 20 of 28 pixels with its centre of mass in the middle, wherever it was")
  func centre() throws {
    // A thick L, far from the middle of a large sheet.
    var sheet = [Float](repeating: 0, count: 300 * 200)
    for y in 20..<120 { for x in 10..<30 { sheet[y * 300 + x] = 1 } }
    for y in 100..<120 { for x in 10..<90 { sheet[y * 300 + x] = 1 } }
    let digit = try fitted(.centre, sheet, 300, 200, "28x28")
    let rows = (0..<28).filter { y in (0..<28).contains { digit[y * 28 + $0] > 0.01 } }
    #expect(rows.count == 20, "\(rows)")
    var (mass, x, y): (Float, Float, Float) = (0, 0, 0)
    for index in digit.indices {
      mass += digit[index]
      x += digit[index] * Float(index % 28)
      y += digit[index] * Float(index / 28)
    }
    #expect(abs(x / mass - 14) <= 0.5 && abs(y / mass - 14) <= 0.5)
    #expect(
      try fitted(.centre, [Float](repeating: 0, count: 12), 4, 3, "5x5").allSatisfy { $0 == 0 }, "blank stays blank")
  }

  @Test("MNIST's own digits, moved and enlarged, come back as they were", .enabled(if: mnistFolder != nil))
  func mnist() throws {
    let set = try ImageSet.read(#require(mnistFolder), part: .test).subset(0..<50)
    for index in 0..<set.count {
      let original = set.tensor(index..<index + 1).elements
      var sheet = [Float](repeating: 0, count: 90 * 70)
      for pixel in original.indices {
        // Twice as large, in the lower right corner.
        for (dx, dy) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
          sheet[(14 + pixel / 28 * 2 + dy) * 90 + 34 + pixel % 28 * 2 + dx] = original[pixel]
        }
      }
      let found = try fitted(.centre, sheet, 90, 70, "28x28")
      let error = zip(found, original).reduce(0) { $0 + abs($1.0 - $1.1) } / original.reduce(0, +)
      // A shift by a pixel would be an error of about a half.
      #expect(error < 0.4, "image \(index): \(error)")
    }
  }

  @Test("A set keeps its labels and factors while its images change size")
  func labels() throws {
    let set = try ImageSet(
      name: "x", width: 2, height: 1, pixels: [0, 255, 255, 0], part: .test, labels: [1, 0], classNames: ["a", "b"],
      factors: [Factor(name: "f", values: [1, 2])])
    let cropped = try set.subset([1, 0]).fitted(.crop, to: .mnist)
    #expect(cropped.labels == [0, 1] && cropped.classNames == ["a", "b"] && cropped.factors[0].values == [2, 1])
    #expect(cropped.part == .test && !cropped.holdsFloats && cropped.name == "x")
    #expect(try set.fitted(.scale, to: #require(ImageShape("1x2"))).storage === set.storage, "nothing to do")
  }
}
