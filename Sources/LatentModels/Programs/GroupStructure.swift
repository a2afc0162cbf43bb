import Datasets

/// How a finite group acts on images and, by permuting dimensions, on their codes (Ali, Liò & Vicary 2025,
/// arXiv:2506.08244): blocks of as many dimensions as the group has elements, one for each, are moved as the elements are
/// multiplied (the regular representation); the other dimensions of a code are left as they are.
public struct GroupStructure: Sendable, Hashable {
  /// What the group does to images.
  public let action: GroupAction
  /// For every element g, the column of a code that each column of ρ(g)z shows.
  public let codePermutations: [[Int]]
  /// Columns that no element moves.
  public let invariantColumns: [Int]

  /// The structure of codes of these variables: blocks lie in the first continuous variable, behind `invariant` dimensions
  /// of it that stay as they are; nil: as many as whole blocks leave.
  ///
  /// - Throws: `GroupActionError` where the dimensions are no whole blocks, or fewer than none are to be invariant.
  public init(_ action: GroupAction, variables: [LatentVariable], invariant: Int? = nil) throws {
    guard let (variable, columns) = variables.columns.first(where: { !$0.variable.isCategorical }) else {
      throw GroupActionError("a code without a continuous variable has no dimensions that a group could permute")
    }
    let dimensions = variable.width
    let kept = invariant ?? dimensions % action.order
    guard kept >= 0 else {
      throw GroupActionError("\(kept) invariant dimensions are fewer than none: let 0 or more be invariant")
    }
    guard dimensions - kept >= action.order else {
      // Unless somebody says how many are invariant, of a whole block none are.
      let invariants = invariant.map { ", \($0) of them invariant," } ?? ""
      let isAlone = variables.count { !$0.isCategorical } == 1
      let what = isAlone ? "latent dimension" : "dimension"
      throw GroupActionError(
        "\(counted(dimensions, what))\(isAlone ? "" : " of \(variable.name)")\(invariants) "
          + "hold\(dimensions == 1 ? "s" : "") no block of \(action.order) for the group's elements: use "
          + "\(action.order + (invariant ?? 0)) dimensions or more\(isAlone ? "" : " for \(variable.name)"), or a smaller "
          + "group")
    }
    self.action = action
    codePermutations = try action.elements.indices.map { element in
      let inner = try action.latentPermutation(of: element, dimensions: dimensions, invariant: kept)
      var outer = Array(0..<variables.width)
      for (place, source) in inner.enumerated() { outer[columns.lowerBound + place] = columns.lowerBound + Int(source) }
      return outer
    }
    invariantColumns = Array(columns.prefix(kept))
  }

  /// The code ρ(g)z.
  public func apply(_ element: Int, toCode code: [Float]) -> [Float] { codePermutations[element].map { code[$0] } }

  /// The image g·x, row by row.
  public func apply(_ element: Int, toImage image: [Float]) -> [Float] { action.apply(element, to: image) }
}
