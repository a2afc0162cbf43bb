import Datasets
import Testing

@testable import zscope

@Suite struct JointColumnsTests {
  private func joint(_ numbers: [Double], beside whole: [Int128]) throws -> JointColumns {
    try JointColumns([
      ("a.npy", StoredNumbers(shape: [numbers.count, 1], type: .float64, elements: .real(numbers))),
      ("b.npy", StoredNumbers(shape: [whole.count, 1], type: .signed64, elements: .whole(whole))),
    ])
  }

  @Test func wholeNumbersThat64BitFloatsHoldLeaveTheOthersExact() throws {
    let held = try joint([1, 2], beside: [3, 1 << 60]).held([.double, .single])
    let exact = try #require(held.arrays[0].exact)
    #expect(exact.map { $0.map { $0 * held.units.scale } } == [[1, 2]] && held.arrays[1].exact == nil)
    // Of a number that they do not hold, bins would be cut through what they merge.
    #expect(
      try joint([1, 2], beside: [3, (1 << 60) + 1]).held([.double, .double]).arrays.allSatisfy { $0.exact == nil })
  }

  @Test func nothingExactIsMadeOf32BitFloats() throws {
    let numbers = StoredNumbers(shape: [2, 1], type: .float32, elements: .real([0.5, 2]))
    let joint = try JointColumns([("a.npy", numbers)])
    #expect(try joint.held([.single]).arrays[0].exact == nil && joint.held().arrays[0].exact == nil)
    #expect(try joint.held([.double]).arrays[0].exact == [[0.5, 2]])
  }
}
