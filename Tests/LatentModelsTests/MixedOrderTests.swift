import Testing

@testable import LatentModels

@Suite("Steps that mix labelled and unlabelled images")
struct MixedOrderTests {
  /// `count` images, every `period`th of class 0…9, the others unknown.
  static func labels(_ count: Int, every period: Int) -> [Int32] {
    (0..<count).map { $0 % period == 0 ? Int32($0 / period % 10) : -1 }
  }

  @Test(
    "The labelled images of every step come first and are labelled, the others are not",
    arguments: [0.1, 0.25, 0.5, 0.9])
  func positions(share: Double) throws {
    let labels = Self.labels(1003, every: 17)
    let order = try MixedOrder(labels: labels, share: share, batch: 32, seed: 5)
    #expect(order.labelledPerStep == Int((share * 32).rounded()))
    for epoch in 0..<3 {
      let steps = order.steps(epoch: epoch)
      #expect(steps.count == order.stepsPerEpoch)
      for step in steps {
        #expect(step.labelled == order.labelledPerStep && step.rows.count <= 32)
        #expect(step.rows.prefix(step.labelled).allSatisfy { labels[Int($0)] >= 0 })
        #expect(step.rows.dropFirst(step.labelled).allSatisfy { labels[Int($0)] < 0 })
      }
      #expect(steps.dropLast().allSatisfy { $0.rows.count == 32 })
      // Every unlabelled image once.
      let others = steps.flatMap { $0.rows.dropFirst($0.labelled) }
      #expect(others.sorted() == labels.indices.filter { labels[$0] < 0 }.map(Int32.init))
    }
  }

  @Test(
    "Of whole steps every one has as many images of each kind, and none is used twice in an epoch of unlabelled ones",
    arguments: [3, 17, 1])
  func whole(period: Int) throws {
    let labels = Self.labels(1003, every: period)
    let order = try MixedOrder(labels: labels, share: 0.25, batch: 32, areWhole: true, seed: 5)
    for epoch in 0..<2 {
      let steps = order.steps(epoch: epoch)
      #expect(steps.count == order.stepsPerEpoch && steps.count > 0)
      #expect(steps.allSatisfy { $0.rows.count == 32 && $0.labelled == order.labelledPerStep })
      let others = steps.flatMap { $0.rows.dropFirst($0.labelled) }
      #expect(Set(others).count == others.count)
    }
  }

  @Test("Labelled images are used equally often, across epochs, up to one")
  func repetitions() throws {
    let labels = Self.labels(700, every: 53)
    let order = try MixedOrder(labels: labels, share: 0.3, batch: 20, seed: 1)
    var uses: [Int32: Int] = [:]
    for epoch in 0..<5 {
      for step in order.steps(epoch: epoch) {
        for row in step.rows.prefix(step.labelled) { uses[row, default: 0] += 1 }
      }
      let counts = labels.indices.filter { labels[$0] >= 0 }.map { uses[Int32($0), default: 0] }
      #expect((counts.max() ?? 0) - (counts.min() ?? 0) <= 1)
    }
  }

  @Test("A handful of images without a label does not shorten an epoch: they are repeated", arguments: [2, 10, 100])
  func few(unlabelled: Int) throws {
    let labels = (0..<1000).map { $0 < unlabelled ? -1 : Int32($0 % 10) }
    let order = try MixedOrder(labels: labels, batch: 50, seed: 3)
    #expect(order.stepsPerEpoch == 20)
    var uses: [Int32: Int] = [:]
    for epoch in 0..<3 {
      let steps = order.steps(epoch: epoch)
      #expect(steps.count == 20 && steps.allSatisfy { $0.rows.count == 50 && $0.labelled == order.labelledPerStep })
      #expect(steps.allSatisfy { step in step.rows.dropFirst(step.labelled).allSatisfy { labels[Int($0)] < 0 } })
      for row in steps.flatMap(\.rows) { uses[row, default: 0] += 1 }
    }
    for kind in [0..<unlabelled, unlabelled..<1000] {
      let counts = kind.map { uses[Int32($0), default: 0] }
      #expect((counts.max() ?? 0) - (counts.min() ?? 0) <= 1)
    }
  }

  @Test("The order is a function of seed and epoch")
  func pure() throws {
    let labels = Self.labels(500, every: 5)
    func steps(_ seed: UInt64, _ epoch: Int) throws -> [MixedOrder.Step] {
      try MixedOrder(labels: labels, share: 0.5, batch: 16, seed: seed).steps(epoch: epoch)
    }
    #expect(try steps(3, 2) == steps(3, 2))
    #expect(try steps(3, 2) != steps(3, 1))
    #expect(try steps(3, 2) != steps(4, 2))
  }

  @Test("All labels or none: one pass over all images; without a share, the share that is labelled")
  func ends() throws {
    let all = try MixedOrder(labels: [Int32](repeating: 1, count: 50), share: 0.1, batch: 8, seed: 1)
    #expect(all.stepsPerEpoch == 7 && all.labelledPerStep == 8)
    #expect(all.steps(epoch: 0).flatMap(\.rows).sorted() == Array(0..<50))
    #expect(all.steps(epoch: 0).allSatisfy { $0.labelled == $0.rows.count })
    let none = try MixedOrder(labels: [Int32](repeating: -1, count: 50), share: 0.5, batch: 8, seed: 1)
    #expect(none.steps(epoch: 1).flatMap(\.rows).sorted() == Array(0..<50))
    #expect(none.steps(epoch: 1).allSatisfy { $0.labelled == 0 })
    #expect(try MixedOrder(labels: Self.labels(1000, every: 10), batch: 50, seed: 1).labelledPerStep == 5)
    #expect(try MixedOrder(labels: Self.labels(1000, every: 1000), batch: 50, seed: 1).labelledPerStep == 1)
    // A share of 1 leaves room for one that is not labelled, or an epoch would never end.
    #expect(try MixedOrder(labels: Self.labels(1000, every: 10), share: 1, batch: 50, seed: 1).labelledPerStep == 49)
    #expect(try MixedOrder(labels: Self.labels(10, every: 10), share: 1, batch: 1, seed: 1).labelledPerStep == 0)
  }

  @Test("Shares that are none and empty sets are refused")
  func refusals() {
    #expect(throws: TrainingError.self) { try MixedOrder(labels: [], batch: 8, seed: 1) }
    #expect(throws: ConfigurationError.self) { try MixedOrder(labels: [1, -1], share: 1.5, batch: 8, seed: 1) }
    #expect(throws: ConfigurationError.self) { try MixedOrder(labels: [1, -1], share: .nan, batch: 8, seed: 1) }
    #expect(throws: ConfigurationError.self) { try MixedOrder(labels: [1, -1], batch: 0, seed: 1) }
  }
}
