import Glibc
import Tensors
import Testing

@testable import Analysis

@Suite struct BlockEntanglementTests {
  @Test func productCodesAreNotEntangledAndDiagonalCodesAreMaximally() throws {
    let two = BlockEntanglement(blocks: [2, 3])
    let product = [1.0, 2].flatMap { a in [0.5, -1, 3].map { a * $0 } }
    let spectrum = try #require(two.spectrum(product, block: 0))
    #expect(abs(spectrum[0] - 1) < 1e-12 && BlockEntanglement.vonNeumann(spectrum) < 1e-10)
    let diagonal = BlockEntanglement(blocks: [3, 3])
    let identity = (0..<9).map { $0 % 4 == 0 ? 2.0 : 0 }
    for block in 0..<2 {
      let spectrum = try #require(diagonal.spectrum(identity, block: block))
      #expect(abs(BlockEntanglement.vonNeumann(spectrum) - log(3)) < 1e-12)
      #expect(abs(BlockEntanglement.renyi(spectrum, order: 2) - log(3)) < 1e-12)
    }
    // Three blocks of two: (|000⟩ + |111⟩)/√2 has log 2 between every block and the rest; |0⟩(|00⟩ + |11⟩) has none
    // between the first and the rest.
    let three = BlockEntanglement(blocks: [2, 2, 2])
    for block in 0..<3 {
      let spectrum = try #require(three.spectrum([1.0, 0, 0, 0, 0, 0, 0, 1], block: block))
      #expect(abs(BlockEntanglement.vonNeumann(spectrum) - log(2)) < 1e-12)
    }
    let entropies = try (0..<3).map {
      BlockEntanglement.vonNeumann(try #require(three.spectrum([1.0, 0, 0, 1, 0, 0, 0, 0], block: $0)))
    }
    #expect(entropies[0] < 1e-12 && abs(entropies[1] - log(2)) < 1e-12 && abs(entropies[2] - log(2)) < 1e-12)
    #expect(two.spectrum([0.0, 0, 0, 0, 0, 0], block: 0) == nil)
    // Schmidt coefficients .8 and .6.
    let tilted = try #require(BlockEntanglement(blocks: [2, 2]).spectrum([0.8, 0, 0, 0.6], block: 0))
    #expect(
      abs(tilted[0] - 0.64) < 1e-12
        && abs(BlockEntanglement.renyi(tilted, order: 2) + log(0.64 * 0.64 + 0.36 * 0.36)) < 1e-12)
  }

  @Test(arguments: [(10, 2, [2, 5]), (16, 2, [4, 4]), (8, 3, [2, 2, 2]), (24, 3, [2, 3, 4])])
  func aCodeIsCutInBlocksAsEqualAsCanBe(size: Int, count: Int, expected: [Int]) {
    #expect(BlockEntanglement.blocks(of: size, count: count) == expected)
  }

  @Test func aPrimeNumberOfValuesHasNoBlocks() throws {
    #expect(BlockEntanglement.blocks(of: 7, count: 2) == nil && BlockEntanglement.blocks(of: 1, count: 2) == nil)
    let codes = try Measurement(of: Representation(means: Tensor(shape: [4, 7], elements: normals(28, seed: 1))))
    #expect(
      throws: AnalysisError.undefined("a code of 7 values cannot be reshaped over 2 blocks of two values or more")
    ) {
      try Measure.blockEntanglement.evaluate(codes)
    }
  }

  @Test(arguments: [0.01, 0.1, 0.5, 1, 2, 100]) func roundingIsNoEntanglement(order: Double) throws {
    let blocks = BlockEntanglement(blocks: [3, 3])
    let product = try #require(blocks.spectrum([1.0, 2, 3].flatMap { a in [1.0, 3, 7].map { a * $0 } }, block: 0))
    #expect(product == [1, 0, 0] && BlockEntanglement.renyi(product, order: order) == 0)
    let tenths = try #require(
      blocks.spectrum([0.1, 0.7, 0.3].flatMap { a in [0.9, 0.2, 1.1].map { a * $0 } }, block: 0))
    #expect(tenths.dropFirst().allSatisfy { $0 == 0 } && BlockEntanglement.renyi(tenths, order: order) < 1e-14)
    // 9·(1 − vvᵀ) with v = (2, −2, 1)/3: singular values 9, 9 and 0.
    let two = try #require(blocks.spectrum([5.0, 4, -2, 4, 5, 2, -2, 2, 8], block: 0))
    #expect(two[2] == 0 && abs(BlockEntanglement.renyi(two, order: order) - log(2)) < 1e-12)
  }

  @Test func whatIsSmallIsCountedAsItIs() throws {
    // Schmidt coefficients 1 and 1e-9, whose square no eigenvalue next to 1 is told apart from 0.
    let spectrum = try #require(BlockEntanglement(blocks: [2, 2]).spectrum([1, 0, 0, 1e-9], block: 0))
    #expect(abs(spectrum[1] / 1e-18 - 1) < 1e-9)
  }

  @Test(arguments: [
    (0.01, 0.692_739_017_022_399_9), (0.5, 0.672_944_473_242_425_8), (2, 0.617_668_719_384_039_8),
    (7, 0.517_724_774_875_953_5),
    (1, 0.653_418_194_793_701_8), (1.000_000_000_000_001, 0.653_418_194_793_701_8),
    (0.999_999_999_999, 0.653_418_194_793_7),
  ]) func anOrderNearOneIsNearVonNeumanns(order: Double, expected: Double) {
    #expect(abs(BlockEntanglement.renyi([0.64, 0.36], order: order) - expected) < 1e-12)
  }
}
