/// Groups of latent variables and dimensions, to any depth: a tree whose leaves are dimensions of the continuous code or
/// whole categorical variables.
///
/// Written with brackets: `(0-4) (5-9)` are two groups of five dimensions, `y (0 1 (2 3))` a variable beside a group that
/// holds a group; dimensions count from 0. Braces are brackets, as in `{y} {z}`.
/// Brackets around everything are one group: there is nothing between groups, and all is within one. The name of a continuous
/// variable stands for all its dimensions.
indirect enum LatentGroups: Hashable, Sendable {
  /// A dimension of the continuous code.
  case dimension(Int)
  /// A categorical variable.
  case variable(String)
  /// What is taken together.
  case group([LatentGroups])

  /// Brackets within brackets: every one takes of the stack.
  static let mostDepth = 100

  /// What a node consists of.
  struct Leaves: Hashable, Sendable {
    var dimensions: [Int] = []
    var variables: [String] = []
  }

  /// What is directly within.
  var children: [LatentGroups] {
    if case .group(let children) = self { return children }
    return []
  }

  /// All leaves.
  var allLeaves: [LatentGroups] { children.isEmpty ? [self] : children.flatMap(\.allLeaves) }

  /// Groups within this one, at any depth, without itself.
  var inner: [LatentGroups] {
    children.flatMap { child in child.children.isEmpty ? [] : [child] + child.inner }
  }

  /// What this node consists of.
  var leaves: Leaves {
    var leaves = Leaves()
    for leaf in allLeaves {
      switch leaf {
      case .dimension(let dimension): leaves.dimensions.append(dimension)
      case .variable(let name): leaves.variables.append(name)
      case .group: break
      }
    }
    leaves.dimensions.sort()
    leaves.variables.sort()
    return leaves
  }

  /// What every node of the tree consists of, each once.
  var nodes: [Leaves] {
    var seen: Set<Leaves> = []
    return ([self] + inner + allLeaves).map(\.leaves).filter { seen.insert($0).inserted }
  }

  /// Every variable a group of its own; of one variable alone, every dimension.
  static func standard(for variables: [LatentVariable]) -> LatentGroups {
    var first = 0
    let parts = variables.map { variable -> LatentGroups in
      switch variable.kind {
      case .categorical: return .variable(variable.name)
      case .continuous(let dimensions):
        defer { first += dimensions }
        return .group((first..<first + dimensions).map { .dimension($0) })
      }
    }
    return parts.count == 1 ? parts[0] : .group(parts)
  }

  /// Reads what a person wrote; nil for what is no tree, or does not hold every dimension and variable exactly once.
  init?(_ text: String, variables: [LatentVariable]) {
    let dimensions = variables.dimensions
    let continuous = variables.columns.filter { !$0.variable.isCategorical }.map { variable, range in
      (variable.name, range.compactMap { dimensions.firstIndex(of: $0) })
    }
    var reader = Reader(
      text: Array(text), dimensions: Dictionary(continuous, uniquingKeysWith: { first, _ in first }))
    guard let children = reader.list(), reader.isAtEnd, !children.isEmpty else { return nil }
    let tree = LatentGroups.group(children)
    guard tree.allLeaves.count == Set(tree.allLeaves).count,
      tree.leaves == Self.standard(for: variables).leaves
    else { return nil }
    self = tree
  }

  /// Reads brackets, numbers, ranges and names.
  private struct Reader {
    let text: [Character]
    /// The dimensions of each continuous variable by its name.
    let dimensions: [String: [Int]]
    var place = 0

    init(text: [Character], dimensions: [String: [Int]] = [:]) { (self.text, self.dimensions) = (text, dimensions) }

    var isAtEnd: Bool { place == text.count }

    /// - Parameter depth: the brackets around it.
    mutating func list(depth: Int = 0) -> [LatentGroups]? {
      guard depth <= LatentGroups.mostDepth else { return nil }
      var parts: [LatentGroups] = []
      while place < text.count, !")}".contains(text[place]) {
        switch text[place] {
        case " ", ",": place += 1
        case "(", "{":
          let closing: Character = text[place] == "(" ? ")" : "}"
          place += 1
          guard let inside = list(depth: depth + 1), !inside.isEmpty, place < text.count, text[place] == closing else {
            return nil
          }
          place += 1
          parts.append(inside.count == 1 ? inside[0] : .group(inside))
        default:
          guard let leaves = leaves(word()) else { return nil }
          parts += leaves
        }
      }
      return parts
    }

    private mutating func word() -> String {
      var word = ""
      while place < text.count, !" ,(){}".contains(text[place]) {
        word.append(text[place])
        place += 1
      }
      return word
    }

    private func leaves(_ word: String) -> [LatentGroups]? {
      if let dimension = Int(word) { return dimension >= 0 ? [.dimension(dimension)] : nil }
      let ends = word.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
      if ends.count == 2, let first = ends[0], let last = ends[1] {
        guard first <= last, last - first < 100_000 else { return nil }
        return (first...last).map { .dimension($0) }
      }
      if let own = dimensions[word] { return own.map { .dimension($0) } }
      return word.first?.isLetter == true ? [.variable(word)] : nil
    }
  }
}
