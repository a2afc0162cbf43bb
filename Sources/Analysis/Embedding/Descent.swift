import Tensors

extension TSNE {
  /// Gradient descent with momentum and a gain for every coordinate (Jacobs 1988), as van der Maaten & Hinton 2008,
  /// section 3.4, and scikit-learn do it.
  ///
  /// Steps are exaggerated first. Of points without clusters exaggerated attraction draws everything together, without end:
  /// no float tells the points apart any more. Once the layout has lost all but a thousandth of its extent, exaggeration is
  /// over, about where scikit-learn's limit on the gradient ends it.
  final class Descent {
    /// Steps taken.
    private(set) var iteration = 0
    private let options: Options
    private let count: Int
    private let forces: Forces
    private let learningRate: Float
    private let velocityX: UnsafeMutablePointer<Float>
    private let velocityY: UnsafeMutablePointer<Float>
    private let gainX: UnsafeMutablePointer<Float>
    private let gainY: UnsafeMutablePointer<Float>

    /// The steps that are exaggerated, from the first.
    private var exaggerated: Int
    /// The root mean square of the coordinates at the start.
    private var startExtent = 0.0

    /// Whether the steps are still exaggerated.
    var isExaggerated: Bool { iteration < exaggerated }

    /// What of its extent a layout keeps at least while its steps are exaggerated.
    private static let leastExtent = 1e-3

    /// Prepares the descent: neighbours, affinities and the start.
    ///
    /// Throws `EmbeddingError`, `AnalysisError`, or `CancellationError` where `progress` returns false.
    init(points: Tensor, options: Options, progress: (Double) -> Bool) throws {
      let checked = try Points(points, for: "a t-SNE")
      try TSNE.check(options, points: checked.count)
      let pool = WorkerPool(threads: max(1, options.threads))
      let projection = try Projection(points, checked, components: options.components)
      let neighbours = try NeighbourTable(
        projection.points, width: min(checked.count - 1, Int(3 * options.perplexity + 1)), pool: pool,
        progress: progress)
      let affinities = Affinities(neighbours, count: checked.count, perplexity: options.perplexity, pool: pool)
      self.options = options
      exaggerated = options.exaggeratedIterations
      count = checked.count
      forces = Forces(affinities: affinities, angle: options.angle, pool: pool)
      learningRate = Float(options.learningRate ?? max(50, Double(count) / (4 * options.exaggeration)))
      let count = checked.count
      func floats(_ value: Float) -> UnsafeMutablePointer<Float> {
        let pointer = UnsafeMutablePointer<Float>.allocate(capacity: count)
        pointer.initialize(repeating: value, count: count)
        return pointer
      }
      (velocityX, velocityY) = (floats(0), floats(0))
      (gainX, gainY) = (floats(1), floats(1))
      place(options.start ?? projection.start(seed: options.seed))
      startExtent = extent
    }

    deinit {
      for pointer in [velocityX, velocityY, gainX, gainY] { pointer.deallocate() }
      forces.deallocate()
    }

    /// Puts the points at `layout` `[n, 2]`.
    private func place(_ layout: Tensor) {
      for row in 0..<count {
        forces.x[row] = layout.elements[2 * row]
        forces.y[row] = layout.elements[2 * row + 1]
      }
    }

    /// Takes one step; throws `EmbeddingError.diverged` where a coordinate is no finite number after it.
    func step() throws {
      let z = Float(forces.compute())
      let exaggeration = isExaggerated ? Float(options.exaggeration) : 1
      // Momentum rises when the exaggeration ends, as in scikit-learn.
      let momentum: Float = isExaggerated ? 0.5 : 0.8
      let isFinite =
        advance(forces.x, forces.attractionX, forces.repulsionX, velocityX, gainX, exaggeration, z, momentum)
        && advance(forces.y, forces.attractionY, forces.repulsionY, velocityY, gainY, exaggeration, z, momentum)
      iteration += 1
      guard isFinite else { throw divergedError }
      if isExaggerated, extent < Self.leastExtent * startExtent { exaggerated = iteration }
      if iteration == exaggerated { beginAnew() }
    }

    /// The root mean square of the coordinates, whose mean is 0.
    private var extent: Double {
      var sum = 0.0
      for row in 0..<count { sum += Double(forces.x[row] * forces.x[row]) + Double(forces.y[row] * forces.y[row]) }
      return (sum / Double(2 * count)).squareRoot()
    }

    /// Forgets speeds and gains: those of exaggerated steps are of another descent.
    private func beginAnew() {
      for pointer in [velocityX, velocityY] { pointer.update(repeating: 0, count: count) }
      for pointer in [gainX, gainY] { pointer.update(repeating: 1, count: count) }
    }

    /// That the steps so far have led nowhere.
    var divergedError: EmbeddingError { .diverged(iteration: iteration, rate: Double(learningRate)) }

    /// Moves the points along one axis; false where one is nowhere afterwards.
    private func advance(
      _ position: UnsafeMutablePointer<Float>, _ attraction: UnsafeMutablePointer<Float>,
      _ repulsion: UnsafeMutablePointer<Float>, _ velocity: UnsafeMutablePointer<Float>,
      _ gain: UnsafeMutablePointer<Float>, _ exaggeration: Float, _ z: Float, _ momentum: Float
    ) -> Bool {
      var sum = 0.0
      for row in 0..<count {
        let slope = 4 * (exaggeration * attraction[row] - repulsion[row] / z)
        gain[row] = max(0.01, velocity[row] * slope < 0 ? gain[row] + 0.2 : gain[row] * 0.8)
        velocity[row] = momentum * velocity[row] - learningRate * gain[row] * slope
        position[row] += velocity[row]
        sum += Double(position[row])
      }
      let mean = Float(sum / Double(count))
      for row in 0..<count { position[row] -= mean }
      // The sum of finite numbers of a single's range is finite.
      return sum.isFinite
    }

    /// The present layout `[n, 2]`.
    var layout: Tensor {
      Tensor(shape: [count, 2], elements: (0..<count).flatMap { [forces.x[$0], forces.y[$0]] })
    }

    /// The present divergence in nats, of the affinities without exaggeration.
    var divergence: Double { forces.divergence(z: forces.compute()) }

    /// dC/dy at `layout` `[n, 2]`, of the affinities without exaggeration.
    func gradient(at layout: Tensor) -> Tensor {
      place(layout)
      let z = Float(forces.compute())
      return Tensor(
        shape: [count, 2],
        elements: (0..<count).flatMap { row in
          [
            4 * (forces.attractionX[row] - forces.repulsionX[row] / z),
            4 * (forces.attractionY[row] - forces.repulsionY[row] / z),
          ]
        })
    }

    /// The divergence at `layout` `[n, 2]`.
    func divergence(at layout: Tensor) -> Double {
      place(layout)
      return divergence
    }
  }

  /// Points centred, brought to the order of one, and of few enough dimensions; and where they start.
  struct Projection {
    /// What neighbours are searched among.
    let points: Points
    private let planar: Tensor

    /// Throws `EmbeddingError.constant` where all points are the same.
    init(_ tensor: Tensor, _ checked: Points, components: Int) throws {
      let size = checked.dimensions
      let mean = checked.mean
      var centred = Tensor(shape: tensor.shape)
      var largest = 0.0
      for row in 0..<checked.count {
        for dimension in 0..<size {
          largest = max(largest, abs(Double(checked.elements[row * size + dimension]) - mean[dimension]))
        }
      }
      // A mean of equal numbers is that number but for rounding.
      let magnitude = checked.elements.reduce(Float.leastNonzeroMagnitude) { max($0, abs($1)) }
      guard largest > Double(magnitude) * 1e-7 else { throw EmbeddingError.constant(points: checked.count) }
      centred.withUnsafeMutableBufferPointer { target in
        for row in 0..<checked.count {
          for dimension in 0..<size {
            let place = row * size + dimension
            target[place] = Float((Double(checked.elements[place]) - mean[dimension]) / largest)
          }
        }
      }
      let kept = size > components ? components : min(2, size)
      let found = try PrincipalComponents(of: centred, count: kept)
      let coordinates = try found.project(centred)
      points = try Points(size > components ? coordinates : centred, for: "a t-SNE")
      planar = coordinates
    }

    /// The first two principal components, so small that all points are neighbours (Kobak & Berens 2019), with a
    /// hundredth of jitter by `seed`, which tells equal points apart: `[n, 2]`.
    func start(seed: UInt64) -> Tensor {
      let (count, width) = (planar.shape[0], planar.shape[1])
      var squares = 0.0
      for row in 0..<count { squares += Double(planar.elements[row * width] * planar.elements[row * width]) }
      let scale = 1e-4 / max((squares / Double(count)).squareRoot(), .leastNormalMagnitude)
      let random = CounterRandom(seed: seed, stream: 0x74_736e_65)
      return Tensor(
        shape: [count, 2],
        elements: (0..<2 * count).map { index in
          let (row, axis) = (index / 2, index % 2)
          let coordinate = axis < width ? Double(planar.elements[row * width + axis]) * scale : 0
          return Float(coordinate) + 1e-6 * random.normal(UInt64(index))
        })
    }
  }
}
