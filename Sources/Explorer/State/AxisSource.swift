import Analysis
import Canvas

/// Where axes of the scatter come from: one row a kind. Naming, turning, completion, drawing, picking and key p loop over
/// the table; its first row is what every model has.
///
/// To add one: a row in `all`. A source whose coordinates are a straight projection of the code (`direction`) can be
/// steered along; of any other only the stored codes have a place, and steering goes from code to code.
struct AxisSource: Sendable {
  /// What sessions remember it by; unique.
  let name: String
  /// What its axes are called in the palette, followed by a number counted from one.
  let prefix: String
  /// What its axes are together, in words.
  let title: String
  /// One line for help.
  let summary: String
  /// Whether there is only ever one coordinate, which then needs no number.
  var isSingle = false
  /// Why it has no coordinates, where it has none: an error, or a note of what is to be waited for; nil where it always has
  /// some.
  var needs: (@Sendable (State) -> Message)?
  /// How its coordinates are made, where that is only done when they are asked for; nil where they are there with the codes.
  var making: Making?
  /// What makes coordinates and shows them, or says why it cannot, and whether key p sets about it in a state.
  struct Making: Sendable {
    let action: Action
    let isPossible: @Sendable (State) -> Bool
  }

  /// How many coordinates there are; of a model without codes `cloud` is nil.
  let count: @Sendable (_ latentSize: Int, CodeCloud?) -> Int
  /// The unit vector of a coordinate in latent space and the point where it is 0, or nil where it is no straight
  /// projection; a source without it has none.
  var direction: (@Sendable (CodeCloud, Int) -> (unit: [Float], origin: [Float])?)?
  /// The coordinate of every stored code, for sources without a direction.
  var values: @Sendable (CodeCloud, Int) -> [Float] = { _, _ in [] }
  /// The share of the codes' variance that a coordinate explains, in 0…1; nil of what explains none of its own.
  var explained: @Sendable (CodeCloud, Int) -> Double? = { _, _ in nil }
  /// Where codes lie along a coordinate and how far they spread, in units in which the prior lies at 0 and spreads by 1.
  var spread: @Sendable (CodeCloud, Int) -> (center: Float, deviation: Float) = { _, _ in (0, 1) }

  static let dimension = AxisSource(
    name: "dimension", prefix: "z", title: "dimensions", summary: "a latent dimension",
    count: { latentSize, _ in latentSize },
    direction: { cloud, index in
      guard let column = cloud.columns.column(of: .dimension(index)) else { return nil }
      var unit = [Float](repeating: 0, count: cloud.dimensions)
      unit[column] = 1
      return (unit, [Float](repeating: 0, count: cloud.dimensions))
    },
    spread: { cloud, index in
      guard let column = cloud.columns.column(of: .dimension(index)) else { return (0, 1) }
      return cloud.spread(ofColumn: column)
    })

  static let component = AxisSource(
    name: "component", prefix: "pc", title: "principal components",
    summary: "a principal component of the stored codes",
    needs: { state in
      guard state.subject.columns.dimensions.count > 2 else {
        return .error("only codes of more than two dimensions have components")
      }
      return state.shortage(ofCodes: 2) ?? .error("not all codes are finite numbers")
    },
    count: { _, cloud in cloud?.components?.variances.count ?? 0 },
    direction: { cloud, index in
      guard let components = cloud.components, index < components.variances.count else { return nil }
      return (cloud.columns.whole(components.components.row(index)), cloud.columns.whole(components.mean))
    },
    explained: { cloud, index in cloud.components?.explained(index) },
    spread: { cloud, index in
      guard let variances = cloud.components?.variances, index < variances.count else { return (0, 1) }
      return (0, Float(max(variances[index], 1e-6).squareRoot()))
    })

  /// The divergence of an image's posterior from the prior, in nats: how much its code tells.
  static let divergence = AxisSource(
    name: "divergence", prefix: "kl", title: "KL", summary: "the KL of each image's code, in nats", isSingle: true,
    needs: { state in
      state.subject.hasDivergence
        ? state.shortage() ?? .error("the codes have none")
        : .error("this model has no \(state.subject.lackOfDivergence)")
    },
    count: { _, cloud in cloud.map { $0.hasDivergence && $0.count > 0 ? 1 : 0 } ?? 0 },
    values: { cloud, _ in cloud.divergenceByCode() })

  /// A coordinate of the layout that t-SNE found (van der Maaten & Hinton 2008), once it has been asked to.
  static let embedding = AxisSource(
    name: "embedding", prefix: "tsne", title: "t-SNE", summary: "a coordinate of the t-SNE layout",
    needs: { $0.reasonAgainstLayout ?? .error("axes tsne lays the codes out first") },
    making: Making(action: .chooseEmbedding) { $0.canBeEmbedded && $0.embedding == nil },
    count: { _, cloud in cloud?.embedding == nil ? 0 : 2 },
    values: { cloud, index in
      guard let layout = cloud.embedding else { return [] }
      return (0..<cloud.count).map { layout.elements[$0 * 2 + index] }
    })

  /// Whether its coordinates can be taken back into latent space: then a code can be moved along them, and decoded there.
  var isStraight: Bool { direction != nil }

  /// Every source, in the order the palette lists them.
  static let all: [AxisSource] = [dimension, component, embedding, divergence]

  /// Those that key p turns through: of which two coordinates are a plane.
  static let planes = all.filter { !$0.isSingle }

  static func named(_ name: String) -> AxisSource? { all.first { $0.name == name } }

  /// The source whose coordinates are made and which is called so, `tsne` or `t-SNE`.
  static func made(_ name: some StringProtocol) -> AxisSource? {
    all.first { $0.making != nil && [$0.prefix, $0.title.lowercased()].contains(name.lowercased()) }
  }
}

extension State {
  /// Why there is nothing to lay out; nil where t-SNE would tell something that the plane of two dimensions does not.
  var reasonAgainstLayout: Message? {
    let width = subject.columns.width
    return width > 2
      ? shortage(ofCodes: 2) : .error("this latent space is a \(width > 1 ? "plane" : "line") already")
  }

  /// Whether t-SNE has something to lay out.
  var canBeEmbedded: Bool { reasonAgainstLayout == nil }
}
