/// Elements of one vector: what kernels compute at a time.
@inlinable @inline(__always) public var vectorWidth: Int { 16 }

/// How instructions are cut into units of work. The cuts are fixed: they never depend on the number of threads, so
/// neither do sums.
public enum UnitSize {
  /// Rows of a block of a matrix product's result: at most 128, whose copies stay in the second-level cache, and fewer
  /// where the result has few columns, for every thread to have some.
  @inlinable @inline(__always)
  public static func productRows(_ rows: Int, _ columns: Int) -> Int {
    let most = columns > 7 &* vectorWidth ? productRowLimit : 32
    let blocks = pieces(max(1, rows), of: most)
    return pieces(pieces(max(1, rows), of: blocks), of: 8) &* 8
  }
  /// The largest block of rows.
  @inlinable @inline(__always) static var productRowLimit: Int { 128 }
  /// Panels of sixteen columns whose sums are kept between cuts of a long product, at most.
  @inlinable @inline(__always) public static var productPanels: Int { 18 }
  /// The longest cut of a sum. With it a copied panel of one vector stays in the first-level cache while rows go by.
  @inlinable @inline(__always) public static var productDepth: Int { 384 }
  /// Floats of a copied panel: what is wider than one vector is cut shorter.
  @inlinable @inline(__always) public static var productPanelScratch: Int { 6_144 }
  /// Floats of a copied block of rows.
  @inlinable @inline(__always) public static var productRowScratch: Int { productRowLimit &* productDepth }
  /// Floats of the sums between cuts.
  @inlinable @inline(__always) public static var productSumScratch: Int {
    productRowLimit &* productPanels &* vectorWidth
  }
  /// Vectors of the largest register tile.
  @inlinable @inline(__always) public static var productTile: Int { 24 }
  /// Floats of scratch memory that a product needs: both copies, the sums between cuts, and those of a tile.
  @inlinable @inline(__always)
  public static var productScratch: Int {
    productPanelScratch &+ productRowScratch &+ productSumScratch &+ productTile &* vectorWidth
  }
  /// Rows of the result of a matrix times a vector.
  @inlinable @inline(__always) public static var vectorProductRows: Int { 8 }
  /// Elements of a stored gradient.
  @inlinable @inline(__always) public static var adamElements: Int { 1024 }
  /// Rows of one column of noise.
  @inlinable @inline(__always) public static var noiseRows: Int { 128 }
  /// Outputs of a layer on binary images: eight vectors of sums stay in registers.
  @inlinable @inline(__always) public static var sparseOutputs: Int { 128 }
  /// Pixels of such a layer's gradient.
  @inlinable @inline(__always) public static var sparsePixels: Int { 16 }
}

/// How many pieces of `size` make up `count`, the last perhaps smaller.
@inlinable @inline(__always)
public func pieces(_ count: Int, of size: Int) -> Int { (count &+ size &- 1) / size }
