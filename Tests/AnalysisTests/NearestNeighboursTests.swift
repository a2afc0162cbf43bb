import Tensors
import Testing

@testable import Analysis

/// A fixed sequence of values in −2…2; the tests need variety, not randomness.
func scattered(_ count: Int, _ dimensions: Int, seed: UInt64 = 1) -> Tensor {
  var state = seed &* 2_862_933_555_777_941_757 &+ 3_037_000_493
  return Tensor(
    shape: [count, dimensions],
    elements: (0..<count * dimensions).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Float(state >> 40) / Float(1 << 22) - 2
    })
}

@Suite struct NearestNeighboursTests {
  @Test(arguments: [1, 2, 3, 6, 7, 10, 17]) func theSearchFindsWhatSortingAllDistancesFinds(dimensions: Int) throws {
    var points = scattered(500, dimensions)
    // Duplicates, so that ties have to be ordered by index.
    for i in 0..<dimensions { points[400, i] = points[13, i] }
    let index = try NearestNeighbours(points)
    let queries = scattered(40, dimensions, seed: 7)
    for query in (0..<40).map({ Array(queries.row($0)) }) + [Array(points.row(13))] {
      let expected = (0..<500).map { row in
        (row, zip(points.row(row), query).reduce(Float(0)) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot())
      }.sorted { ($0.1, $0.0) < ($1.1, $1.0) }.prefix(9)
      let found = index.nearest(to: query, count: 9)
      for (neighbour, expected) in zip(found, expected) {
        #expect(abs(neighbour.distance - expected.1) < 1e-5)
      }
      #expect(found.count == 9)
      #expect(found[0].index == expected[0].0)
    }
  }

  @Test func equalDistancesAreOrderedByIndexAndAPointCanLeaveItselfOut() throws {
    let index = try NearestNeighbours(Tensor(shape: [40, 1], elements: (0..<40).map { Float($0 % 4) }))
    #expect(index.nearest(to: [2], count: 3).map(\.index) == [2, 6, 10])
    #expect(index.nearest(to: [2], count: 2, excluding: 2).map(\.index) == [6, 10])
  }

  @Test func askingForMoreThanThereAreGivesAllAndAnotherShapeGivesNone() throws {
    let index = try NearestNeighbours(Tensor(shape: [2, 2], elements: [0, 0, 3, 4]))
    #expect(
      index.nearest(to: [0, 0], count: 9) == [Neighbour(index: 0, distance: 0), Neighbour(index: 1, distance: 5)])
    #expect(index.nearest(to: [0], count: 1).isEmpty)
  }
}

@Suite struct CodeDensityTests {
  @Test func amongTheCodesIsNotEmptyAndFarAwayIs() throws {
    let density = try CodeDensity(scattered(2000, 2))
    let inside = try #require(density.region(around: [0, 0]))
    #expect(!inside.isEmpty && inside.percentile > 0.05 && inside.neighbours.count == 10)
    let outside = try #require(density.region(around: [6, 6]))
    #expect(outside.isEmpty && outside.percentile == 0)
    // The far corner of the square (2, 2) is about 4√2 away.
    #expect(abs(outside.distance - 5.65) < 0.4)
  }

  @Test func aStoredCodeIsNotAmongItsOwnNeighbours() throws {
    let density = try CodeDensity(scattered(300, 2))
    for row in [0, 17, 299] {
      let code = density.index.point(row)
      let region = try #require(density.region(around: code))
      let others = density.index.nearest(to: code, count: density.neighbourCount, excluding: row)
      #expect(region.distance == others.last?.distance)
      #expect(region.neighbours.first?.index == row && region.neighbours.count == density.neighbourCount)
    }
  }

  @Test func aHoleBetweenTwoClustersIsEmpty() throws {
    let cloud = scattered(1000, 2)
    let shifted = cloud.elements.enumerated().map {
      $0.offset % 2 == 0 ? $0.element + ($0.offset < 1000 ? -8 : 8) : $0.element
    }
    let density = try CodeDensity(Tensor(shape: [1000, 2], elements: shifted))
    #expect(density.region(around: [0, 0])?.isEmpty == true)
    #expect(density.region(around: [8, 0])?.isEmpty == false)
  }
}
