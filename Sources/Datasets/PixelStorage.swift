/// Bytes of images that never change and never move: what every view of a data set shares.
public final class PixelStorage: @unchecked Sendable {
  /// The first byte; valid as long as this object lives. Image `i` starts at `i * pixelCount` of its set.
  public let base: UnsafePointer<UInt8>
  /// The number of bytes.
  public let count: Int
  private let memory: UnsafeMutableRawBufferPointer

  /// Storage of `count` bytes, zero at first, that `body` fills once.
  public init(count: Int, filledBy body: (UnsafeMutableBufferPointer<UInt8>) throws -> Void) rethrows {
    // A line of 64 bytes, and never empty, so that `base` always exists.
    memory = .allocate(byteCount: max(count, 64), alignment: 64)
    memory.initializeMemory(as: UInt8.self, repeating: 0)
    let bytes = memory.bindMemory(to: UInt8.self)
    base = UnsafePointer(bytes.baseAddress.unsafelyUnwrapped)
    self.count = count
    try body(UnsafeMutableBufferPointer(rebasing: bytes[..<count]))
  }

  /// A copy of `bytes`.
  public convenience init(_ bytes: some Collection<UInt8>) {
    self.init(count: bytes.count) { _ = $0.update(fromContentsOf: bytes) }
  }

  deinit { memory.deallocate() }
}
