import Glibc
import Tensors

/// One sample of the code an image with all its densities: what the information measures share.
struct AggregateTerms: Sendable {
  /// Samples are taken of at most so many images.
  static let samples = MeasureSetting(
    "samples", "images of which a code is sampled (all where there are fewer)", default: 10_000, 1...10_000_000)
  /// Posteriors that make up the aggregate; 0: those of all images.
  static let references = MeasureSetting(
    "references", "posteriors that make up q(z); 0: those of all images", default: 0, 0...10_000_000)

  /// The dimensions, K.
  let dimensions: Int
  /// The number of references.
  let references: Int
  /// The units in which codes are held.
  private let units: CodeUnits
  /// Sampled codes, `[n, K]`, the row of each image, and the log-densities under its own posterior, `[n, K]`.
  let codes: [Float]
  let rows: [Int]
  let conditional: [Double]
  /// How much of `conditional`, and of the density of every dimension under the normal with the aggregate's mean and
  /// variance, the noise of the sample alone makes, `[n, K]`: their expectations over codes of an image are 0.
  private let noises: (conditional: [Double], normal: [Double])
  /// More than I(x; z_d) can be, `[K]`: what a normal channel of the same variances holds, and log N.
  private let greatestInformation: [Double]
  /// The densities under the aggregate.
  let densities: AggregatePosterior.Densities

  var count: Int { rows.count }

  /// Samples a code of each image of `all` by the seed of the measurement.
  init(_ measurement: Measurement, of all: Representation) throws {
    var references = measurement.whole(Self.references)
    if references == 0 || references > all.count { references = all.count }
    let samples = min(references, measurement.whole(Self.samples))
    // The first so many of one random order: a sample's own posterior is always among the references.
    let order =
      references == all.count && samples == all.count
      ? Array(0..<all.count) : measurement.random("references").order(of: all.count, drawing: all.count)
    let chosen = references == all.count ? all : all.subset(Array(order[..<references]))
    let rows = Array(order[..<samples])
    let owners = references == all.count ? rows : Array(0..<samples)
    let random = measurement.random("codes")
    let size = all.dimensions
    var noise = [Float](repeating: 0, count: samples * size)
    for (sample, row) in rows.enumerated() {
      for d in 0..<size { noise[sample * size + d] = random.normal(UInt64(row * size + d)) }
    }
    try self.init(chosen, rows: rows, owners: owners, noise: noise, pool: measurement.pool)
  }

  /// The terms of codes `z = μ + σ·noise` of the references `owners`.
  init(_ references: Representation, rows: [Int], owners: [Int], noise: [Float], pool: WorkerPool) throws {
    guard let logVariances = references.logVariances, let codes = references.codes(of: owners, noise: noise) else {
      throw AnalysisError.missing(measure: "a sample of the posterior", what: "log-variances")
    }
    let size = references.dimensions
    var conditional = [Double](repeating: 0, count: owners.count * size)
    let halfLogTwoPi = 0.5 * log(2 * Double.pi)
    var noises = (conditional: conditional, normal: conditional)
    let moments = Self.moments(references, logVariances)
    for (sample, owner) in owners.enumerated() {
      for d in 0..<size {
        let logVariance = Double(logVariances.elements[owner * size + d])
        let mean = Double(references.means.elements[owner * size + d])
        // Of the code as it was rounded, so that all densities are of the same point.
        let difference = Double(codes[sample * size + d]) - mean
        conditional[sample * size + d] =
          -0.5 * difference * difference * exp(-logVariance) - 0.5 * logVariance - halfLogTwoPi
        let place = sample * size + d
        noises.conditional[place] = 0.5 - 0.5 * difference * difference * exp(-logVariance)
        guard moments[d].variance > 0 else { continue }
        let square = (2 * (mean - moments[d].mean) + difference) * difference - exp(logVariance)
        noises.normal[place] = -0.5 * square / moments[d].variance
      }
    }
    let labels = references.labels ?? []
    let groups = labels.isEmpty ? nil : Numbering(labels).numbers(of: labels).map(Int.init)
    let aggregate = try AggregatePosterior(references, groups: groups)
    self.dimensions = size
    self.references = references.count
    units = references.units
    self.codes = codes
    self.rows = rows
    self.conditional = conditional
    self.noises = noises
    greatestInformation = moments.map { moment in
      min(log(Double(references.count)), max(0, 0.5 * (log(moment.variance) - moment.logVariance)))
    }
    // One posterior is its own aggregate, but for the rounding of a sum of one.
    densities =
      references.count > 1
      ? aggregate.densities(of: codes, owners: owners, pool: pool)
      : AggregatePosterior.Densities(ofSingle: conditional, dimensions: size)
  }

  /// The mean and variance of every dimension of the aggregate, and the mean of the log-variances.
  private static func moments(
    _ references: Representation, _ logVariances: Tensor
  ) -> [(mean: Double, variance: Double, logVariance: Double)] {
    let (count, size) = (references.count, references.dimensions)
    let covariance = Covariance(of: references.means)
    let spread = covariance.variances(divisor: .population)
    return (0..<size).map { d in
      var (variance, logVariance) = (0.0, 0.0)
      for row in 0..<count {
        let value = Double(logVariances.elements[row * size + d])
        variance += exp(value)
        logVariance += value
      }
      return (covariance.means[d], spread[d] + variance / Double(count), logVariance / Double(count))
    }
  }

  /// `log q(z_i|x_i) − log q(z_i)`, at most log N, for q(z) holds q(z|x)/N: its mean is the mutual information I(x; z).
  var information: [Double] {
    let greatest = log(Double(references))
    return (0..<count).map { sample in
      let own = conditional[sample * dimensions..<(sample + 1) * dimensions].reduce(0, +)
      return min(greatest, own - densities.joint[sample])
    }
  }

  /// `log q(z_i) − Σ_d log q(z_id)`: its mean is the total correlation.
  var totalCorrelation: [Double] {
    (0..<count).map { sample in
      densities.joint[sample] - densities.marginal[sample * dimensions..<(sample + 1) * dimensions].reduce(0, +)
    }
  }

  /// `log q(z_id|x_i) − log q(z_id)` of dimension `d`, less what the noise of the samples is seen to add to it: control
  /// variates whose expectations are 0, by least squares (Lavenberg & Welch 1981).
  func information(of d: Int) -> [Double] {
    func column(_ values: [Double]) -> [Double] { (0..<count).map { values[$0 * dimensions + d] } }
    let (first, second) = (column(noises.conditional), column(noises.normal))
    let values = (0..<count).map { conditional[$0 * dimensions + d] - densities.marginal[$0 * dimensions + d] }
    // Of a handful of samples no coefficient is told.
    guard count >= 30 else { return values }
    let means = [first, second, values].map { $0.reduce(0, +) / Double(count) }
    var (aa, ab, bb, ay, by) = (0.0, 0.0, 0.0, 0.0, 0.0)
    for index in 0..<count {
      let (a, b, y) = (first[index] - means[0], second[index] - means[1], values[index] - means[2])
      aa += a * a
      ab += a * b
      bb += b * b
      ay += a * y
      by += b * y
    }
    let determinant = aa * bb - ab * ab
    let (alpha, beta): (Double, Double) =
      determinant > 1e-9 * aa * bb
      ? ((ay * bb - by * ab) / determinant, (by * aa - ay * ab) / determinant)
      : aa > 0 ? (ay / aa, 0) : (0, 0)
    return (0..<count).map { values[$0] - alpha * first[$0] - beta * second[$0] }
  }

  /// The estimate of I(x; z_d), within what it can be: never above KL(q(z_d|x) ‖ p(z_d)) of the references. `values` are
  /// what ``information(of:)`` gives.
  func informationEstimate(of d: Int, _ values: [Double]) -> Estimate {
    let estimate = Estimate(meanOf: values)
    return Estimate(
      value: max(0, min(estimate.value, greatestInformation[d])), standardError: estimate.standardError)
  }

  /// `log q(z_i|y_i) − log q(z_i)`: its mean is I(y; z), where all images are labelled.
  var classInformation: [Double] { (0..<count).map { densities.jointOfGroup[$0] - densities.joint[$0] } }

  /// `log q(z_id|y_i) − log q(z_id)` of dimension `d`, where all images are labelled.
  func classInformation(of d: Int) -> [Double] {
    (0..<count).map { densities.marginalOfGroup[$0 * dimensions + d] - densities.marginal[$0 * dimensions + d] }
  }

  /// The value of dimension `d` of a sampled code.
  func code(_ sample: Int, _ d: Int) -> Double { units.plain(codes[sample * dimensions + d], column: d) }

  /// `log q(z_id) − log p(z_id)` of dimension `d` under a standard normal prior.
  func divergence(of d: Int) -> [Double] {
    (0..<count).map { sample in
      let code = code(sample, d)
      return densities.marginal[sample * dimensions + d] + 0.5 * code * code + 0.5 * log(2 * Double.pi)
    }
  }

  /// What every measure by these terms says of its numbers.
  var sampleSizes: [MeasureResult.SampleSize] { [.init("sample", count), .init("reference", references)] }
}

extension Measurement {
  /// One sampled code an image with its densities, computed once.
  func aggregateTerms() throws -> AggregateTerms {
    try once("aggregate terms") { try AggregateTerms(self, of: representation) }
  }

  /// The same of the images whose label is known.
  func labelledAggregateTerms() throws -> AggregateTerms {
    let labelled = try labelled
    if labelled.count == representation.count { return try aggregateTerms() }
    return try once("labelled aggregate terms") { try AggregateTerms(self, of: labelled) }
  }
}

extension Measure {
  /// How all that rests on sampled codes and their densities is computed.
  static let aggregateEstimator = """
    exact: one code z a sampled image, and every density of q a sum over all references, the image's own among them; \
    standard error over images drawn anew, each with its code; the codes of the same images drawn anew differ by less
    """
  static let aggregateSettings = [AggregateTerms.samples, AggregateTerms.references]
}
