/// An axis of the scatter: one coordinate of a source, such as the third dimension.
struct Axis: Sendable, Hashable {
  /// Which row of `AxisSource.all` it comes from.
  var source: String
  /// Which of the source's coordinates, from 0.
  var index: Int

  static func dimension(_ index: Int) -> Axis { Axis(source: AxisSource.dimension.name, index: index) }
  static func component(_ index: Int) -> Axis { Axis(source: AxisSource.component.name, index: index) }

  /// The latent dimension it is, if it is one.
  var dimension: Int? { source == AxisSource.dimension.name ? index : nil }

  /// What it is remembered by, and called where the model has no name for its dimensions (`State.name(ofAxis:)`): `z1`, `pc1`
  /// (people count from one), or the bare name of a source that has one coordinate only.
  var name: String {
    guard let kind = AxisSource.named(source) else { return source }
    return kind.isSingle ? kind.prefix : "\(kind.prefix)\(index + 1)"
  }

  /// The axis of that name, or nil.
  init?(_ name: some StringProtocol) {
    let name = name.lowercased()
    for source in AxisSource.all {
      if source.isSingle {
        if name == source.prefix { self.init(source: source.name, index: 0) } else { continue }
        return
      }
      guard name.hasPrefix(source.prefix), let number = Int(name.dropFirst(source.prefix.count)),
        (1...Self.most).contains(number)
      else { continue }
      self.init(source: source.name, index: number - 1)
      return
    }
    return nil
  }

  /// More axes than any source has.
  private static let most = 1 << 24

  init(source: String, index: Int) {
    self.source = source
    self.index = index
  }
}

/// The two axes of a plane.
struct AxisPair: Sendable, Hashable {
  var x: Axis
  var y: Axis

  init(x: Axis, y: Axis) { (self.x, self.y) = (x, y) }

  /// The first two coordinates of a source.
  init(firstOf source: AxisSource) {
    self.init(x: Axis(source: source.name, index: 0), y: Axis(source: source.name, index: 1))
  }

  /// Whether they span a plane: of a model of one dimension both are that one, and codes lie along a line.
  var isPlane: Bool { x != y }

  /// Whether points of the plane can be taken back into latent space.
  var isStraight: Bool {
    [x, y].allSatisfy { AxisSource.named($0.source)?.isStraight ?? false }
  }
}

/// Sessions are remembered with the names of their axes; older ones spelled a case and its number.
extension Axis: Codable {
  private enum OldKeys: String, CodingKey { case dimension, component }
  private enum OldNumber: String, CodingKey { case _0 }

  init(from decoder: any Decoder) throws {
    if let name = try? decoder.singleValueContainer().decode(String.self) {
      guard let axis = Axis(name) else {
        throw DecodingError.dataCorrupted(
          .init(codingPath: decoder.codingPath, debugDescription: "“\(name)” names no axis"))
      }
      self = axis
      return
    }
    let container = try decoder.container(keyedBy: OldKeys.self)
    let key: OldKeys = container.contains(.dimension) ? .dimension : .component
    let number = try container.nestedContainer(keyedBy: OldNumber.self, forKey: key).decode(Int.self, forKey: ._0)
    guard (0..<Self.most).contains(number) else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "\(key.rawValue) \(number) is no axis"))
    }
    self.init(source: key.rawValue, index: number)
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(name)
  }
}
