import Tensors
import Testing

@testable import Analysis

@Suite struct NearestNeighbourClassifierTests {
  @Test func everyQueryIsLabelledByAVoteOfItsNearestReferences() throws {
    let references = scattered(90, 12)
    let labels = (0..<90).map { Int32($0 * 7 % 5) }
    // More queries than are compared at once.
    let queries = scattered(450, 12, seed: 3)
    let classifier = try NearestNeighbourClassifier(references: references, labels: labels)
    let search = try NearestNeighbours(references)
    for count in [1, 3, 6] {
      let expected = (0..<450).map { query -> Int32 in
        let nearest = search.nearest(to: Array(queries.row(query)), count: count).map { labels[$0.index] }
        let votes = Dictionary(nearest.map { ($0, 1) }, uniquingKeysWith: +)
        // A tie goes to the class whose member is nearest.
        return nearest.first { votes[$0] == votes.values.max() } ?? 255
      }
      var fractions: [Double] = []
      let found = try classifier.predict(queries, neighbours: count, pool: WorkerPool(threads: 2)) {
        fractions.append($0)
      }
      #expect(found == expected)
      #expect(fractions.last == 1 && fractions == fractions.sorted())
    }
  }

  @Test func whatDoesNotFitIsRefused() throws {
    let references = scattered(4, 3)
    #expect(throws: AnalysisError.labelCount(labels: 3, points: 4)) {
      try NearestNeighbourClassifier(references: references, labels: [0, 1, 2])
    }
    let classifier = try NearestNeighbourClassifier(references: references, labels: [0, 1, 2, 3])
    #expect(throws: AnalysisError.notAMatrix(shape: [2, 5])) { try classifier.predict(scattered(2, 5)) }
  }
}
