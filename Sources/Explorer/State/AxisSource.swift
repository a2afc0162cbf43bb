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
  /// One line for help.
  let summary: String
  /// Whether there is only ever one coordinate, which then needs no number.
  var isSingle = false
  /// What there must be for it to have coordinates, where it has none; nil where it always has some.
  var needs: (@Sendable (State) -> String)?
  /// What key p does to come to it, where its coordinates are only made when they are asked for: nil from it where they
  /// cannot be made now. Without it p comes to a source that has two coordinates.
  var make: (@Sendable (inout State) -> [Effect]?)?
  /// How many coordinates there are; of a model without codes `cloud` is nil.
  let count: @Sendable (_ latentSize: Int, CodeCloud?) -> Int
  /// The unit vector of a coordinate in latent space and the point where it is 0, or nil where it is no straight
  /// projection; a source without it has none.
  var direction: (@Sendable (CodeCloud, Int) -> (unit: [Float], origin: [Float])?)?
  /// The coordinate of every stored code, for sources without a direction.
  var values: @Sendable (CodeCloud, Int) -> [Float] = { _, _ in [] }
  /// Where codes lie along a coordinate and how far they spread, in units in which the prior lies at 0 and spreads by 1.
  var spread: @Sendable (CodeCloud, Int) -> (center: Float, deviation: Float) = { _, _ in (0, 1) }

  static let dimension = AxisSource(
    name: "dimension", prefix: "z", summary: "a latent dimension",
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
    name: "component", prefix: "pc", summary: "a principal component of the stored codes",
    needs: { state in
      guard state.subject.columns.dimensions.count > 2 else {
        return "only codes of more than two dimensions have components"
      }
      return state.shortage(ofCodes: 2) ?? "not all codes are finite numbers"
    },
    count: { _, cloud in cloud?.components?.variances.count ?? 0 },
    direction: { cloud, index in
      guard let components = cloud.components, index < components.variances.count else { return nil }
      return (cloud.columns.whole(components.components.row(index)), cloud.columns.whole(components.mean))
    },
    spread: { cloud, index in
      guard let variances = cloud.components?.variances, index < variances.count else { return (0, 1) }
      return (0, Float(max(variances[index], 1e-6).squareRoot()))
    })

  /// The divergence of an image's posterior from the prior, in nats: how much its code tells.
  static let divergence = AxisSource(
    name: "divergence", prefix: "kl", summary: "the KL of each image's code, in nats", isSingle: true,
    needs: { state in
      state.subject.hasPosterior ? state.shortage(ofCodes: 1) ?? "the codes have none" : "this model has no posterior"
    },
    count: { _, cloud in cloud.map { $0.hasPosterior && $0.count > 0 ? 1 : 0 } ?? 0 },
    values: { cloud, _ in cloud.divergenceByCode() })

  /// A coordinate of the layout that t-SNE found (van der Maaten & Hinton 2008), once it has been asked to.
  static let embedding = AxisSource(
    name: "embedding", prefix: "tsne", summary: "a coordinate of the t-SNE layout",
    needs: { $0.reasonAgainstLayout ?? "axes tsne lays the codes out first" },
    make: { $0.canBeEmbedded && $0.embedding == nil ? $0.embed() : nil },
    count: { _, cloud in cloud?.embedding == nil ? 0 : 2 },
    values: { cloud, index in
      guard let layout = cloud.embedding else { return [] }
      return (0..<cloud.count).map { layout.elements[$0 * 2 + index] }
    })

  /// Whether its coordinates can be taken back into latent space: then a code can be moved along them, and decoded there.
  var isStraight: Bool { direction != nil }

  /// Every source, in the order the palette lists them.
  static let all: [AxisSource] = [dimension, component, embedding, divergence]

  static func named(_ name: String) -> AxisSource? { all.first { $0.name == name } }
}
