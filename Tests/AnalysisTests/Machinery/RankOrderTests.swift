import Tensors
import Testing

@testable import Analysis

@Suite struct RankOrderTests {
  @Test func numbersOfEverySizeAndSignAreInOrderAndEqualOnesStayAsTheyStand() {
    let random = CounterRandom(seed: 5)
    // Many ties, both zeros, infinities, the smallest and the largest.
    let special = [0, -0.0, .infinity, -.infinity, .leastNonzeroMagnitude, -.greatestFiniteMagnitude, 1, -1]
    let values = (0..<3000).map { index -> Double in
      let draw = random.integer(below: 40, UInt64(index))
      if draw < special.count { return special[Int(draw)] }
      let size = Double(random.normal(UInt64(index) + 10_000))
      return draw < 30 ? (size * 4).rounded() : size * 1e-9
    }
    let expected = values.indices.sorted { (values[$0], $0) < (values[$1], $1) }
    #expect(RankOrder(values).places == expected)
    #expect(RankOrder([]).places.isEmpty && RankOrder([3]).places == [0])
    #expect(RankOrder([Double](repeating: 2, count: 5)).places == [0, 1, 2, 3, 4])
  }
}
