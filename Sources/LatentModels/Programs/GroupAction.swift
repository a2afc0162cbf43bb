import Datasets

/// A finite group of symmetries of images, given by what its elements do to pixels: rearrange them exactly.
///
/// Every element is a permutation of the pixels, so that nothing is resampled: `(g·x)[p] = x[pixelPermutations[g][p]]`.
/// Element 0 is the identity. Equivariant codes follow the same group by permuting latent dimensions; see
/// `latentPermutation` (Cohen & Welling 2016, arXiv:1602.07576, for the groups; the regular representation is any
/// textbook's).
public struct GroupAction: Sendable, Hashable {
  /// Which group acts, and how.
  public enum Kind: Sendable, Hashable {
    /// C₄: quarter turns of square images, anticlockwise.
    case rotations
    /// D₄: quarter turns and reflections of square images.
    case rotationsAndFlips
    /// Left and right exchanged.
    case horizontalFlip
    /// Top and bottom exchanged.
    case verticalFlip
    /// Both flips, and the half turn that they make together.
    case flips
    /// Cyclic shifts downwards by multiples of `step` rows.
    case rowShifts(step: Int)
    /// Cyclic shifts to the right by multiples of `step` columns.
    case columnShifts(step: Int)
  }

  /// Which group acts.
  public let kind: Kind
  /// Rows of an image.
  public let height: Int
  /// Pixels in a row of an image.
  public let width: Int
  /// What every element does, in words; the first is the identity.
  public let elements: [String]
  /// For every element g, the pixel that each pixel of g·x shows, of `height * width`.
  public let pixelPermutations: [[Int32]]
  /// The multiplication table: `products[g][h]` is gh, the element that does h first and then g.
  public let products: [[Int]]
  /// The inverse of every element.
  public let inverses: [Int]

  /// The number of elements.
  public var order: Int { elements.count }

  /// The action of a group on images of `height` × `width` pixels.
  ///
  /// - Throws: `GroupActionError` where images of this size have no such symmetry.
  public init(_ kind: Kind, height: Int, width: Int) throws {
    guard height > 0, width > 0, !height.multipliedReportingOverflow(by: width).overflow,
      height * width <= Int(Int32.max)
    else { throw GroupActionError("\(height)×\(width) pixels are no image that a group can act on") }
    let parts = try kind.parts(height: height, width: width)
    guard parts.names.count <= Self.mostEntries / (height * width) else {
      throw GroupActionError(
        "a group of \(parts.names.count) elements on \(height)×\(width) pixels is too large: take a larger step")
    }
    self.kind = kind
    self.height = height
    self.width = width
    elements = parts.names
    products = parts.names.indices.map { g in parts.names.indices.map { h in parts.product(g, h) } }
    inverses = products.map { row in row.firstIndex(of: 0) ?? 0 }
    pixelPermutations = parts.names.indices.map { element in
      (0..<height * width).map { pixel in
        let (row, column) = parts.source(element, pixel / width, pixel % width)
        return Int32(row * width + column)
      }
    }
  }

  /// A gigabyte of permutations.
  private static let mostEntries = 1 << 28

  /// The picture g·x of an image x, row by row.
  public func apply<Pixel>(_ element: Int, to image: [Pixel]) -> [Pixel] {
    pixelPermutations[element].map { image[Int($0)] }
  }

  /// How element g permutes the dimensions of a code: `(g·z)[k] = z[permutation[k]]`.
  ///
  /// The first `invariant` dimensions stay where they are (the trivial representation). The others are blocks of `order`
  /// dimensions, one for each element, in which g moves the dimension of h to that of gh (the regular representation).
  /// A permutation leaves a standard normal prior as it is.
  ///
  /// - Throws: `GroupActionError` where the dimensions beside the invariant ones are no whole blocks.
  public func latentPermutation(of element: Int, dimensions: Int, invariant: Int) throws -> [Int32] {
    guard elements.indices.contains(element) else {
      throw GroupActionError("element \(element) is none of 0…\(order - 1)")
    }
    guard invariant >= 0, invariant <= dimensions, (dimensions - invariant) % order == 0 else {
      throw GroupActionError(
        "\(dimensions) latent dimensions, \(invariant) of them invariant, do not leave whole blocks of \(order) for the "
          + "group's elements: let \(Self.fitting(dimensions, order)) be invariant, or change the number of dimensions")
    }
    let inverse = inverses[element]
    return (0..<dimensions).map { dimension in
      guard dimension >= invariant else { return Int32(dimension) }
      let (block, member) = (dimension - invariant).quotientAndRemainder(dividingBy: order)
      return Int32(invariant + block * order + products[inverse][member])
    }
  }

  /// How many of `dimensions` remain beside whole blocks.
  private static func fitting(_ dimensions: Int, _ order: Int) -> Int { max(0, dimensions) % order }
}

/// Why a group cannot act.
public struct GroupActionError: Error, Hashable, CustomStringConvertible {
  /// What was asked for and what is possible.
  public let description: String

  init(_ description: String) { self.description = description }
}

extension GroupAction.Kind {
  /// A group as its elements' names, its product, and the place that each pixel of g·x is taken from.
  fileprivate struct Parts {
    let names: [String]
    let product: (Int, Int) -> Int
    let source: (_ element: Int, _ row: Int, _ column: Int) -> (row: Int, column: Int)
  }

  fileprivate func parts(height: Int, width: Int) throws -> Parts {
    switch self {
    case .rotations: return try .dihedral(height: height, width: width, reflections: false)
    case .rotationsAndFlips: return try .dihedral(height: height, width: width, reflections: true)
    case .horizontalFlip:
      return Parts(names: ["identity", "left and right exchanged"], product: ^) { element, row, column in
        (row, element == 0 ? column : width - 1 - column)
      }
    case .verticalFlip:
      return Parts(names: ["identity", "top and bottom exchanged"], product: ^) { element, row, column in
        (element == 0 ? row : height - 1 - row, column)
      }
    case .flips:
      let names = ["identity", "left and right exchanged", "top and bottom exchanged", "half turn"]
      return Parts(names: names, product: ^) { element, row, column in
        (element & 2 == 0 ? row : height - 1 - row, element & 1 == 0 ? column : width - 1 - column)
      }
    case .rowShifts(let step):
      return try .shifts(step, of: height, "row", "down") { shift, row, column in
        ((row + height - shift) % height, column)
      }
    case .columnShifts(let step):
      return try .shifts(step, of: width, "column", "to the right") { shift, row, column in
        (row, (column + width - shift) % width)
      }
    }
  }
}

extension GroupAction.Kind.Parts {
  /// C₄ or D₄. Element `k` is k quarter turns rᵏ; element `4 + k` is rᵏs, a reflection s that exchanges left and right
  /// before them.
  fileprivate static func dihedral(height: Int, width: Int, reflections: Bool) throws -> Self {
    guard height == width else {
      throw GroupActionError(
        "images of \(height)×\(width) pixels are not square, so quarter turns do not fit: use flips or shifts")
    }
    let turns = ["identity", "quarter turn", "half turn", "three quarter turns"]
    let names = turns + (reflections ? turns.map { "left and right exchanged, then \($0)" } : [])
    return Self(names: names) { g, h in
      // s rᵏ = r⁻ᵏ s.
      let turn = g % 4 + (g < 4 ? h % 4 : 4 - h % 4)
      return turn % 4 + (g / 4 ^ h / 4) * 4
    } source: { element, row, column in
      var place = (row: row, column: column)
      for _ in 0..<element % 4 { place = (place.column, width - 1 - place.row) }
      return element < 4 ? place : (place.row, width - 1 - place.column)
    }
  }

  /// Shifts by multiples of `step` of `extent` lines.
  fileprivate static func shifts(
    _ step: Int, of extent: Int, _ line: String, _ direction: String,
    source: @escaping (_ shift: Int, _ row: Int, _ column: Int) -> (row: Int, column: Int)
  ) throws -> Self {
    guard step > 0, extent % step == 0 else {
      throw GroupActionError("a step of \(step) does not divide \(extent) \(line)s: choose one of its divisors")
    }
    let order = extent / step
    guard order > 1 else {
      throw GroupActionError(
        "a step of \(step) of \(extent) \(line)s moves nothing, and leaves a group of one element: choose a smaller "
          + "divisor")
    }
    let names = (0..<order).map {
      $0 == 0 ? "identity" : "\(counted($0 * step, line)) \(direction)"
    }
    return Self(names: names, product: { ($0 + $1) % order }) { source($0 * step, $1, $2) }
  }
}
