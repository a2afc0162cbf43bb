/// Elements of one vector: what kernels compute at a time.
@inlinable @inline(__always) public var vectorWidth: Int { 16 }

/// How instructions are cut into units of work. The cuts are fixed: they never depend on the number of threads, so
/// neither do sums.
public enum UnitSize {
  /// Rows of a matrix product's result.
  @inlinable @inline(__always) public static var productRows: Int { 8 }
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
