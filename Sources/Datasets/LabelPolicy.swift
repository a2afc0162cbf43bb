import Tensors

/// How many images of a training set keep their labels: written `all`, `none` or a number.
public enum LabelPolicy: Sendable, Hashable {
  /// Every image that has one.
  case all
  /// No image: what classes there are is still known.
  case none
  /// So many, about as many of each class, chosen by the seed.
  case count(Int)

  /// The places, in order, of the labels that are kept.
  ///
  /// The classes take turns in an order that the seed decides, and each gives its images in an order that the seed
  /// decides, until there are enough or none are left: numbers of two classes differ by one at most unless a class has
  /// no more images. A larger number keeps all that a smaller one does.
  ///
  /// - Parameter labels: a class for every image, −1 where it is not known.
  /// - Throws: `DatasetError` of kind `mismatch` where there are fewer labels than wanted.
  public func kept(of labels: [Int32], seed: UInt64, name: String) throws -> [Int] {
    switch self {
    case .all: return labels.indices.filter { labels[$0] >= 0 }
    case .none: return []
    case .count(let count):
      let places = Dictionary(grouping: labels.indices.filter { labels[$0] >= 0 }) { labels[$0] }
      let known = places.values.reduce(0) { $0 + $1.count }
      guard (0...known).contains(count) else {
        throw DatasetError(
          .mismatch, name, "\(count) labels cannot be kept of \(known)", remedy: "keep fewer, or all")
      }
      let random = CounterRandom(seed: seed, stream: Self.stream)
      let classes = places.keys.sorted()
      var queues = random.permutation(of: classes.count).map { turn -> ArraySlice<Int> in
        let label = classes[Int(turn)]
        let members = places[label] ?? []
        return random.stream(UInt64(label) + 1).permutation(of: members.count).map { members[Int($0)] }[...]
      }
      var kept: [Int] = []
      while kept.count < count {
        for turn in queues.indices where kept.count < count {
          if let place = queues[turn].popFirst() { kept.append(place) }
        }
      }
      return kept.sorted()
    }
  }

  /// Keeps these numbers apart from all others of the same seed.
  private static let stream: UInt64 = 0x6c_6162_656c
}

extension LabelPolicy: LosslessStringConvertible {
  /// Reads `all`, `none` or a number from 0.
  public init?(_ description: String) {
    switch description {
    case "all": self = .all
    case "none": self = .none
    default:
      guard let count = Int(description), count >= 0 else { return nil }
      self = count == 0 ? .none : .count(count)
    }
  }

  /// As it is typed.
  public var description: String {
    switch self {
    case .all: "all"
    case .none: "none"
    case .count(let count): "\(count)"
    }
  }
}

extension LabelPolicy: Codable {
  /// Reads what `encode` writes: `"all"`, `"none"` or a number.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try (try? container.decode(Int.self)).map(String.init) ?? container.decode(String.self)
    guard let policy = LabelPolicy(text) else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "\(text) is no number of labels; write all, none or a number from 0")
    }
    self = policy
  }

  /// Writes `"all"`, `"none"` or the number.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    if case .count(let count) = self { try container.encode(count) } else { try container.encode(description) }
  }
}

extension ImageSet {
  /// The same images, with the labels that `policy` keeps, about as many of each class, chosen by `seed`; the classes of the
  /// others are not known (−1). The classes stay those of the whole set.
  ///
  /// - Throws: `DatasetError` of kind `mismatch` where labels are wanted of a set that has none, or fewer.
  public func labelled(_ policy: LabelPolicy, seed: UInt64) throws -> ImageSet {
    guard let labels else {
      guard case .count = policy else { return self }
      throw DatasetError(.mismatch, name, "its images have no labels to keep", remedy: "use --labels none")
    }
    if policy == .all { return self }
    var masked = [Int32](repeating: -1, count: labels.count)
    for place in try policy.kept(of: labels, seed: seed, name: name) { masked[place] = labels[place] }
    // Names keep the number of classes, where a class has lost its last label.
    return relabelled(masked, classNames: everyClassName)
  }
}
