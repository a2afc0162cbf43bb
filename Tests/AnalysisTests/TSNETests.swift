import Foundation
import Synchronization
import Tensors
import Testing

@testable import Analysis

/// Normal clouds around `centres`, `size` points each, and whose each point is.
private func clouds(_ centres: [[Float]], size: Int, deviation: Float = 1) -> (points: Tensor, labels: [Int]) {
  let random = CounterRandom(seed: 11)
  let width = centres[0].count
  var elements: [Float] = []
  for (label, centre) in centres.enumerated() {
    for point in 0..<size {
      for axis in 0..<width {
        elements.append(centre[axis] + deviation * random.normal(UInt64(((label * size) + point) * width + axis)))
      }
    }
  }
  return (
    Tensor(shape: [centres.count * size, width], elements: elements),
    (0..<centres.count).flatMap { [Int](repeating: $0, count: size) }
  )
}

private let three: [[Float]] = [[0, 0, 0, 0, 0], [9, 0, 0, 0, 0], [0, 0, 9, 0, 0]]

private func options(perplexity: Double, iterations: Int = 250, angle: Double = 0.5) -> TSNE.Options {
  var options = TSNE.Options()
  options.perplexity = perplexity
  options.iterations = iterations
  options.angle = angle
  return options
}

@Suite struct TSNETests {
  @Test func theGradientIsThatOfTheDivergence() throws {
    let points = clouds(three, size: 12).points
    let descent = try TSNE.Descent(points: points, options: options(perplexity: 5, angle: 0)) { _ in true }
    let random = CounterRandom(seed: 3)
    let layout = Tensor(shape: [36, 2], elements: (0..<72).map { 2 * random.normal($0) })
    let gradient = descent.gradient(at: layout)
    for index in stride(from: 0, to: 72, by: 7) {
      let step: Float = 0.01
      var (above, below) = (layout.elements, layout.elements)
      above[index] += step
      below[index] -= step
      let slope =
        (descent.divergence(at: Tensor(shape: [36, 2], elements: above))
          - descent.divergence(at: Tensor(shape: [36, 2], elements: below))) / Double(2 * step)
      #expect(abs(slope - Double(gradient.elements[index])) < 2e-4 + 2e-3 * abs(slope), "coordinate \(index)")
    }
  }

  @Test func treesComeNearTheExactForces() throws {
    let points = clouds(three, size: 200).points
    let random = CounterRandom(seed: 4)
    let layout = Tensor(shape: [600, 2], elements: (0..<1200).map { 20 * random.normal($0) })
    let exact = try TSNE.Descent(points: points, options: options(perplexity: 20, angle: 0)) { _ in true }
    let summed = try TSNE.Descent(points: points, options: options(perplexity: 20, angle: 0.5)) { _ in true }
    let (a, b) = (exact.gradient(at: layout), summed.gradient(at: layout))
    let error = zip(a.elements, b.elements).reduce(0.0) { $0 + pow(Double($1.0 - $1.1), 2) }.squareRoot()
    let size = a.elements.reduce(0.0) { $0 + pow(Double($1), 2) }.squareRoot()
    #expect(error < 0.01 * size, "\(error) of \(size)")
    #expect(error > 0, "the tree was not used")
    #expect(abs(exact.divergence(at: layout) - summed.divergence(at: layout)) < 0.01)
  }

  @Test func affinitiesAreSymmetricAndAsWideAsThePerplexity() throws {
    let points = try Points(clouds(three, size: 40).points, for: "a test")
    let pool = WorkerPool(threads: 2)
    let table = try NeighbourTable(points, width: 30, pool: pool) { _ in true }
    let affinities = Affinities(table, count: 120, perplexity: 10, pool: pool)
    var matrix = [Double](repeating: 0, count: 120 * 120)
    for row in 0..<120 {
      for place in affinities.starts[row]..<affinities.starts[row + 1] {
        matrix[row * 120 + Int(affinities.columns[place])] = Double(affinities.values[place])
      }
    }
    #expect(abs(matrix.reduce(0, +) - 1) < 1e-5)
    for row in 0..<120 {
      #expect(matrix[row * 121] == 0, "a point is not its own neighbour")
      for column in 0..<row { #expect(abs(matrix[row * 120 + column] - matrix[column * 120 + row]) < 1e-9) }
    }
    // The definition, term by term, for one point: β by bisection, the entropy of the conditional probabilities.
    let squares = (0..<30).map { Double(table.squares[$0]) }
    var (lower, upper) = (0.0, 100.0)
    var weights: [Double] = []
    for _ in 0..<200 {
      let beta = (lower + upper) / 2
      weights = squares.map { exp(-beta * $0) }
      let sum = weights.reduce(0, +)
      weights = weights.map { $0 / sum }
      let entropy = -weights.reduce(0) { $0 + ($1 > 0 ? $1 * log($1) : 0) }
      if entropy > log(10) { lower = beta } else { upper = beta }
    }
    for (rank, weight) in weights.enumerated() {
      let column = Int(table.indices[rank])
      let back = (0..<30).first { table.indices[column * 30 + $0] == 0 } != nil
      if !back { #expect(abs(matrix[column] - weight / 240) < 1e-6) } else { #expect(matrix[column] > weight / 240) }
    }
  }

  @Test(arguments: [3, 9]) func neighboursAreTheNearestWithTiesByRow(dimensions: Int) throws {
    // Whole coordinates, so that there are many ties and duplicates.
    let random = CounterRandom(seed: 5)
    let elements = (0..<150 * dimensions).map { Float(random.integer(below: 3, UInt64($0))) }
    let points = try Points(Tensor(shape: [150, dimensions], elements: elements), for: "a test")
    let table = try NeighbourTable(points, width: 20, pool: .inline) { _ in true }
    for query in 0..<150 {
      let all = (0..<150).filter { $0 != query }.map { other -> (Float, Int) in
        let squared = (0..<dimensions).reduce(Float(0)) {
          let difference = elements[query * dimensions + $1] - elements[other * dimensions + $1]
          return $0 + difference * difference
        }
        return (squared, other)
      }.sorted { $0 < $1 }
      #expect((0..<20).map { Int(table.indices[query * 20 + $0]) } == all.prefix(20).map(\.1))
    }
  }

  @Test func aLayoutThatDivergesIsNoneAndOneThatGetsWorseIsKnown() throws {
    let points = clouds(three, size: 30).points
    var long = options(perplexity: 8, iterations: 50)
    long.learningRate = 1e9
    let error = #expect(throws: EmbeddingError.self) { try TSNE.run(points: points, options: long) }
    guard case .diverged(_, 1e9) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    let result = try TSNE.run(points: points, options: options(perplexity: 8, iterations: 500))
    #expect(result.divergence < result.initialDivergence)
  }

  @Test func theDivergenceIsTheSumOverPairsOfTheDefinition() throws {
    let points = clouds(three, size: 30).points
    let descent = try TSNE.Descent(points: points, options: options(perplexity: 8, angle: 0)) { _ in true }
    for _ in 0..<20 { try descent.step() }
    let layout = descent.layout
    let checked = try TSNE.Projection(points, try Points(points, for: "a test"), components: 50).points
    let table = try NeighbourTable(checked, width: 25, pool: .inline) { _ in true }
    let affinities = Affinities(table, count: 90, perplexity: 8, pool: .inline)
    func kernel(_ i: Int, _ j: Int) -> Double {
      let dx = Double(layout[i, 0] - layout[j, 0])
      let dy = Double(layout[i, 1] - layout[j, 1])
      return 1 / (1 + dx * dx + dy * dy)
    }
    var total = 0.0
    for i in 0..<90 { for j in 0..<90 where i != j { total += kernel(i, j) } }
    var divergence = 0.0
    for i in 0..<90 {
      for place in affinities.starts[i]..<affinities.starts[i + 1] {
        let p = Double(affinities.values[place])
        divergence += p * log(p * total / kernel(i, Int(affinities.columns[place])))
      }
    }
    #expect(abs(descent.divergence - divergence) < 1e-5 * divergence)
  }

  @Test func theLayoutDoesNotDependOnTheNumberOfThreads() throws {
    let points = clouds(three, size: 300).points
    var settings = options(perplexity: 30, iterations: 60)
    var layouts: [Tensor] = []
    for threads in [1, 2, 3, 5] {
      settings.threads = threads
      layouts.append(try TSNE.run(points: points, options: settings).layout)
    }
    #expect(layouts.allSatisfy { $0 == layouts[0] })
    settings.seed = 2
    #expect(try TSNE.run(points: points, options: settings).layout != layouts[0])
  }

  @Test func separateCloudsStaySeparate() throws {
    let (points, labels) = clouds(three, size: 60)
    let result = try TSNE.run(points: points, options: options(perplexity: 15, iterations: 500))
    #expect(result.divergence > 0 && result.divergence < 1.5 && result.iterations == 500)
    let index = try NearestNeighbours(result.layout)
    for point in 0..<180 {
      for neighbour in index.nearest(to: index.point(point), count: 5, excluding: point) {
        #expect(labels[neighbour.index] == labels[point])
      }
    }
    for axis in 0..<2 {
      let mean = (0..<180).reduce(Float(0)) { $0 + result.layout[$1, axis] } / 180
      #expect(abs(mean) < 1e-2, "a layout is centred")
    }
  }

  /// Exaggerated attraction draws points without clusters together until no float tells them apart.
  @Test(arguments: [(size: 700, perplexity: 30.0), (size: 400, perplexity: 100)])
  func pointsWithoutClustersDoNotCollapse(size: Int, perplexity: Double) throws {
    let random = CounterRandom(seed: 24)
    let points = Tensor(shape: [size, 10], elements: (0..<10 * size).map { random.normal(UInt64($0)) })
    var settings = options(perplexity: perplexity, iterations: 600)
    let result = try TSNE.run(points: points, options: settings)
    let extent = result.layout.elements.reduce(0.0) { $0 + Double($1 * $1) } / Double(2 * size)
    #expect(extent > 1)
    #expect(result.divergence < 0.8 * result.initialDivergence)
    // Without exaggeration the same points come to about the same.
    settings.exaggeratedIterations = 0
    let plain = try TSNE.run(points: points, options: settings).divergence
    #expect(abs(result.divergence - plain) < 0.05 * plain)
  }

  @Test func neitherScaleNorPlaceOfTheDataMatters() throws {
    let points = clouds(three, size: 60).points
    let settings = options(perplexity: 15, iterations: 400)
    let plain = try TSNE.run(points: points, options: settings).divergence
    for (scale, shift) in [(Float(1e18), Float(0)), (1e-18, 0), (1, 500)] {
      let moved = Tensor(shape: points.shape, elements: points.elements.map { $0 * scale + shift })
      let found = try TSNE.run(points: moved, options: settings).divergence
      #expect(abs(found - plain) < 0.1 * plain, "scale \(scale), shift \(shift): \(found) instead of \(plain)")
    }
  }

  @Test func manyDimensionsAreReducedToComponentsFirst() throws {
    // 60 dimensions of which the last 55 are nothing: five components say it all.
    let narrow = clouds(three, size: 40).points
    let wide = Tensor(
      shape: [120, 60], elements: (0..<120).flatMap { narrow.row($0) + [Float](repeating: 0, count: 55) })
    var settings = options(perplexity: 10, iterations: 300)
    settings.components = 5
    let result = try TSNE.run(points: wide, options: settings)
    #expect(abs(result.divergence - (try TSNE.run(points: narrow, options: settings).divergence)) < 0.1)
  }

  @Test func equalPointsAreLaidOutTogether() throws {
    // Ten places with thirty points each: more equal points than neighbours are looked at.
    let random = CounterRandom(seed: 8)
    let places = (0..<10).map { place in (0..<4).map { 5 * random.normal(UInt64(place * 4 + $0)) } }
    let points = Tensor(shape: [300, 4], elements: (0..<300).flatMap { places[$0 % 10] })
    let result = try TSNE.run(points: points, options: options(perplexity: 5, iterations: 300))
    #expect(result.layout.elements.allSatisfy(\.isFinite) && result.divergence.isFinite)
    let index = try NearestNeighbours(result.layout)
    for point in 0..<300 {
      let nearest = index.nearest(to: index.point(point), count: 3, excluding: point)
      #expect(nearest.allSatisfy { $0.index % 10 == point % 10 })
    }
  }

  @Test func pointsOnALineAndASingleStrangerAreLaidOut() throws {
    let line = Tensor(shape: [50, 1], elements: (0..<50).map { Float($0) })
    #expect(try TSNE.run(points: line, options: options(perplexity: 5)).layout.elements.allSatisfy(\.isFinite))
    var elements = clouds(three, size: 30).points.elements
    for axis in 0..<5 { elements[axis] = 1e6 }
    let strange = Tensor(shape: [90, 5], elements: elements)
    #expect(try TSNE.run(points: strange, options: options(perplexity: 5)).layout.elements.allSatisfy(\.isFinite))
  }

  @Test func whatCannotBeLaidOutIsSaidInWords() throws {
    func message(_ points: Tensor, _ change: (inout TSNE.Options) -> Void = { _ in }) -> String {
      var settings = TSNE.Options()
      change(&settings)
      do {
        _ = try TSNE.run(points: points, options: settings)
        return ""
      } catch { return "\(error)" }
    }
    let few = clouds(three, size: 10).points
    #expect(
      message(few).contains(
        "a perplexity of 30 needs at least 91 points and was given 30: use a perplexity of at most 9"))
    #expect(message(few) { $0.perplexity = 9 }.isEmpty)
    #expect(
      message(Tensor(shape: [3, 2], elements: [0, 1, 2, 3, 4, 5])) { $0.perplexity = 1 }.contains("more points"))
    #expect(message(Tensor(shape: [200, 3], filledWith: 0.1)).contains("all 200 points are the same"))
    #expect(message(Tensor(shape: [200], filledWith: 0)).contains("matrix"))
    #expect(message(Tensor(shape: [0, 3], filledWith: 0)).contains("0"))
    var broken = clouds(three, size: 60).points
    broken[7, 2] = .nan
    #expect(message(broken).contains("row 8 "))
    let good = clouds(three, size: 60).points
    #expect(message(good) { $0.perplexity = 0.5 }.contains("the perplexity is 0.5; allowed: 1 or more"))
    #expect(message(good) { $0.perplexity = .infinity }.contains("perplexity"))
    #expect(message(good) { $0.perplexity = 1e300 }.contains("1e+300"))
    #expect(message(good) { $0.iterations = 0 }.contains("iterations"))
    #expect(message(good) { $0.angle = -1 }.contains("angle"))
    #expect(message(good) { $0.learningRate = 0 }.contains("learning rate"))
    #expect(message(good) { $0.exaggeration = 0.1 }.contains("exaggeration"))
    #expect(message(good) { $0.start = Tensor(shape: [3, 2]) }.contains("[180, 2]"))
  }

  @Test func progressIsToldAndStopsIt() throws {
    let points = clouds(three, size: 40).points
    var stages: [TSNE.Stage] = []
    var fractions: [Double] = []
    let result = try TSNE.run(points: points, options: options(perplexity: 10, iterations: 260)) { progress in
      if stages.last != progress.stage { stages.append(progress.stage) }
      fractions.append(progress.fraction)
      #expect((progress.layout == nil) == (progress.stage == .neighbours))
      return true
    }
    #expect(stages == [.neighbours, .exaggerated, .settling, .done])
    #expect(zip(fractions, fractions.dropFirst()).allSatisfy { $0 <= $1 } && fractions.last == 1)
    #expect(result.layout.shape == [120, 2])
    for limit in [0, 40] {
      #expect(throws: CancellationError.self) {
        try TSNE.run(points: points, options: options(perplexity: 10)) { $0.iteration < limit }
      }
    }
  }

  @Test func aSessionReportsAsItGoesAndCanBeCancelled() async throws {
    let points = clouds(three, size: 40).points
    let seen = Mutex<[TSNE.Stage]>([])
    let ending = await withCheckedContinuation { continuation in
      _ = TSNE.start(
        points: points, options: options(perplexity: 10), interval: 0,
        report: { report in seen.withLock { $0.append(report.stage) } }, ended: { continuation.resume(returning: $0) })
    }
    guard case .finished(let result) = ending else {
      Issue.record("it ended as \(ending)")
      return
    }
    #expect(result.layout == (try TSNE.run(points: points, options: options(perplexity: 10)).layout))
    #expect(seen.withLock { $0.count(where: { $0 == .done }) == 1 && $0.last == .done })

    let failed = await withCheckedContinuation { continuation in
      _ = TSNE.start(points: points, report: { _ in }, ended: { continuation.resume(returning: $0) })
    }
    guard case .finished = failed else {
      Issue.record("120 points allow a perplexity of 30")
      return
    }
    let cancelled = await withCheckedContinuation { continuation in
      let session = TSNE.start(
        points: points, options: options(perplexity: 10, iterations: 1_000_000), report: { _ in },
        ended: { continuation.resume(returning: $0) })
      session.cancel()
    }
    guard case .cancelled = cancelled else {
      Issue.record("it ended as \(cancelled)")
      return
    }
  }
}
