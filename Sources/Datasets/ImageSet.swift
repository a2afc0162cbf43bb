import Synchronization
import Tensors

/// Grey images of one size as stored bytes (0 background, 255 ink), with labels and known factors where there are any.
///
/// Where a file holds floats that no byte tells, they are kept beside the bytes: `tensor` gives them, while what reads the
/// bytes themselves (training, the digest) sees the nearest.
///
/// A set is a list of rows into shared storage: taking a part of it copies no pixel.
public struct ImageSet: Sendable {
  /// Where the images come from, for example `mnist`.
  public private(set) var name: String
  /// Pixels in a row of an image.
  public let width: Int
  /// Rows of an image.
  public let height: Int
  /// Which half of a data set this is; nil where its source has no halves.
  public private(set) var part: DataPart?
  /// The class of every image, 0 ..< `classCount`, or −1 where it is not known; nil where no class is.
  public private(set) var labels: [Int32]?
  /// What the classes are called, by number; empty where their numbers are their names.
  public private(set) var classNames: [String]
  /// What the classes are numbered in the data, by number, where that was another; empty where it is the same.
  private var writtenNumbers: [Int32] = []
  /// The known causes of variation, if any.
  public private(set) var factors: [Factor]
  /// The bytes this set shares with its views.
  public let storage: PixelStorage
  /// For every image of this set, which image of the storage it is.
  public private(set) var rows: [Int32]
  /// The pixels of the storage in 0…1, where its bytes are only the nearest to what a file of floats holds.
  private(set) var floats: [Float]?
  /// What a person should know of how the files were read, one line each: which numbers are white, what was left out.
  public internal(set) var notes: [String] = []
  private var cachedDigest = DigestCache()

  /// The number of images.
  public var count: Int { rows.count }
  /// Pixels in one image.
  public var pixelCount: Int { width * height }

  /// Images of `width` × `height` from bytes in row-major order.
  ///
  /// - Throws: `DatasetError` of kind `mismatch` where counts disagree.
  public init(
    name: String, width: Int, height: Int, pixels: some Collection<UInt8>, part: DataPart? = nil,
    labels: [Int32]? = nil, classNames: [String] = [], factors: [Factor] = []
  ) throws {
    try self.init(
      name: name, width: width, height: height, storage: PixelStorage(pixels), part: part, labels: labels,
      classNames: classNames, factors: factors)
  }

  /// Images of `width` × `height` in `storage`.
  ///
  /// - Throws: `DatasetError` of kind `mismatch` where counts disagree.
  public init(
    name: String, width: Int, height: Int, storage: PixelStorage, part: DataPart? = nil, labels: [Int32]? = nil,
    classNames: [String] = [], factors: [Factor] = []
  ) throws {
    let (pixelCount, overflow) = width.multipliedReportingOverflow(by: height)
    guard width > 0, height > 0, !overflow, storage.count % pixelCount == 0 else {
      throw DatasetError(
        .mismatch, name, "\(storage.count) bytes are not a whole number of images of \(width)×\(height) pixels")
    }
    let count = storage.count / pixelCount
    guard count <= Int(Int32.max) else {
      throw DatasetError(.tooLarge, name, "\(count) images are more than \(Int32.max)")
    }
    if let labels, labels.count != count {
      throw DatasetError(.mismatch, name, "\(labels.count) labels for \(count) images")
    }
    let allowed = -1..<(classNames.isEmpty ? Self.mostClasses : Int32(clamping: classNames.count))
    if let wrong = labels?.first(where: { !allowed.contains($0) }) {
      throw DatasetError(.mismatch, name, "\(wrong) is no label; labels lie in 0…\(allowed.upperBound - 1), or are −1")
    }
    if let factor = factors.first(where: { $0.values.count != count }) {
      throw DatasetError(.mismatch, name, "\(factor.values.count) values of \(factor.name) for \(count) images")
    }
    if let factor = factors.first(where: { $0.classes.map { $0.count != count } ?? false }) {
      throw DatasetError(
        .mismatch, name, "\(factor.classes?.count ?? 0) classes of \(factor.name) for \(count) images")
    }
    self.name = name
    self.width = width
    self.height = height
    self.storage = storage
    rows = (0..<Int32(count)).map { $0 }
    self.part = part
    self.labels = labels
    self.classNames = classNames
    self.factors = factors
  }

  /// Images whose pixels lie in 0…1 and are kept as they are; their bytes are the nearest.
  ///
  /// - Throws: `DatasetError` of kind `mismatch` where counts disagree.
  init(name: String, width: Int, height: Int, floats: [Float]) throws {
    let storage = PixelStorage(count: floats.count) { bytes in
      for index in floats.indices { bytes[index] = byte(fromUnit: floats[index]) }
    }
    try self.init(name: name, width: width, height: height, storage: storage)
    self.floats = floats
  }

  /// More classes than this are no classes: whatever has a row for each must fit into memory.
  static let mostClasses: Int32 = 1_000_000

  /// The number of classes: of their names, else one more than the greatest label; 0 where nothing is labelled. Of what was
  /// read with wide gaps between its numbers see `ClassNumbers`.
  public var classCount: Int { classNames.isEmpty ? (labels?.max()).map { Int($0) + 1 } ?? 0 : classNames.count }

  /// What class `label` is called: its name, else its number; `?` for −1.
  public func className(_ label: Int32) -> String {
    label < 0 ? "?" : classNames.indices.contains(Int(label)) ? classNames[Int(label)] : "\(label)"
  }

  /// What every class is called, in the order of their numbers.
  public var everyClassName: [String] { (0..<classCount).map { className(Int32($0)) } }

  /// The images whose class is known; a set without labels where none is.
  public func labelled() -> ImageSet {
    guard let labels, labels.contains(where: { $0 < 0 }) else { return self }
    let known = subset(labels.indices.filter { labels[$0] >= 0 })
    return known.count > 0 ? known : known.withoutLabels()
  }

  /// The same images, of classes that nobody knows.
  public func withoutLabels() -> ImageSet { relabelled(nil, classNames: []) }

  /// The same images with other labels.
  func relabelled(_ labels: [Int32]?, classNames: [String]) -> ImageSet { withLabels(labels, names: classNames) }

  /// The same images with other labels and factors, one an image: the caller answers for counts and ranges.
  func withLabels(
    _ labels: [Int32]?, names: [String] = [], factors: [Factor]? = nil, written: [Int32] = []
  ) -> ImageSet {
    changed { set in
      set.labels = labels
      set.classNames = names
      set.writtenNumbers = written
      if let factors { set.factors = factors }
    }
  }

  /// A copy with something else in it, and a digest of its own.
  private func changed(_ change: (inout ImageSet) -> Void) -> ImageSet {
    var copy = self
    change(&copy)
    copy.cachedDigest = DigestCache()
    return copy
  }

  /// Whether the pixels are more exact than bytes.
  public var holdsFloats: Bool { floats != nil }

  /// The pixels of image `index`, row by row.
  public func bytes(at index: Int) -> [UInt8] {
    let start = Int(rows[index]) * pixelCount
    return Array(UnsafeBufferPointer(start: storage.base + start, count: pixelCount))
  }

  /// The images of `range` as floats in 0…1 of shape `[n, pixels]`.
  public func tensor(_ range: Range<Int>) -> Tensor { tensor(rows[range]) }

  /// The images of `indices` as floats in 0…1 of shape `[n, pixels]`.
  public func tensor(_ indices: [Int]) -> Tensor { tensor(indices.map { rows[$0] }) }

  /// All images as floats in 0…1 of shape `[n, pixels]`.
  public func tensor() -> Tensor { tensor(rows[...]) }

  private func tensor(_ rows: some RandomAccessCollection<Int32>) -> Tensor {
    let pixelCount = self.pixelCount
    let elements = [Float](unsafeUninitializedCapacity: rows.count * pixelCount) { buffer, initialized in
      for row in rows {
        if let floats {
          let start = Int(row) * pixelCount
          for pixel in 0..<pixelCount {
            buffer.initializeElement(at: initialized + pixel, to: floats[start + pixel])
          }
          initialized += pixelCount
          continue
        }
        let image = storage.base + Int(row) * pixelCount
        for pixel in 0..<pixelCount {
          // The division, not a multiplication by 1/255: bytes that came from floats return to the same floats.
          buffer.initializeElement(at: initialized + pixel, to: Float(image[pixel]) / 255)
        }
        initialized += pixelCount
      }
    }
    return Tensor(shape: [rows.count, pixelCount], elements: elements)
  }

  /// Hands over the shared bytes and, for every image of this set, its row in them; neither may escape `body`.
  public func withUnsafeBytes<Result>(
    _ body: (_ pixels: UnsafeBufferPointer<UInt8>, _ rows: UnsafeBufferPointer<Int32>) throws -> Result
  ) rethrows -> Result {
    try withExtendedLifetime(storage) {
      try rows.withUnsafeBufferPointer {
        try body(UnsafeBufferPointer(start: storage.base, count: storage.count), $0)
      }
    }
  }

  /// The images of `indices`, in that order, sharing the pixels.
  public func subset(_ indices: [Int]) -> ImageSet {
    changed { set in
      set.rows = indices.map { rows[$0] }
      set.labels = labels.map { labels in indices.map { labels[$0] } }
      set.factors = factors.map { $0.subset(indices) }
    }
  }

  /// The images of `range`, sharing the pixels.
  public func subset(_ range: Range<Int>) -> ImageSet { subset(Array(range)) }

  /// Two views that share the pixels: `heldOut` images drawn without replacement by `seed`, and all others. Both keep
  /// the order of this set, so that neighbours in it stay neighbours in memory.
  ///
  /// - Throws: `DatasetError` of kind `mismatch` where there are fewer images than `heldOut`.
  public func split(heldOut: Int, seed: UInt64) throws -> (training: ImageSet, heldOut: ImageSet) {
    guard (0...count).contains(heldOut) else {
      throw DatasetError(
        .mismatch, name, "\(heldOut) images cannot be held out of \(count)", remedy: "hold out fewer")
    }
    let random = CounterRandom(seed: seed, stream: Self.splitStream)
    let order = random.order(of: count, drawing: heldOut)
    return (subset(order[heldOut...].sorted()), subset(order[..<heldOut].sorted()))
  }

  /// Keeps the numbers of the split apart from all others of the same seed.
  private static let splitStream: UInt64 = 0x73_706c_6974

  /// The same images under another name.
  public func named(_ name: String) -> ImageSet { changed { $0.name = name } }

  /// The same images, known to be one half of a data set.
  func inPart(_ part: DataPart?) -> ImageSet { changed { $0.part = part } }

  /// SHA-256 (64 hexadecimal digits) of the size and the count (three little-endian 64-bit numbers), the pixels in the
  /// order of this set, and the labels if there are any, as the data number them: as bytes where all of them are, else as
  /// little-endian 32-bit numbers. Computed once, when first asked for.
  public var digest: String {
    cachedDigest.value.withLock { cached in
      if let cached { return cached }
      let computed = computeDigest()
      cached = computed
      return computed
    }
  }

  private func computeDigest() -> String {
    var digest = SHA256Digest()
    [width, height, count].map { UInt64($0).littleEndian }.withUnsafeBytes { digest.update($0) }
    var index = 0
    while index < count {
      // Neighbours in the storage are hashed in one piece.
      var end = index + 1
      while end < count && rows[end] == rows[end - 1] + 1 { end += 1 }
      digest.update(
        UnsafeRawBufferPointer(
          start: storage.base + Int(rows[index]) * pixelCount, count: (end - index) * pixelCount))
      index = end
    }
    if var labels {
      if !writtenNumbers.isEmpty { labels = labels.map { $0 < 0 ? $0 : writtenNumbers[Int($0)] } }
      let bytes = labels.compactMap { UInt8(exactly: $0) }
      if bytes.count == labels.count {
        bytes.withUnsafeBytes { digest.update($0) }
      } else {
        labels.map(\.littleEndian).withUnsafeBytes { digest.update($0) }
      }
    }
    return digest.finish()
  }
}

/// A digest computed at most once, shared by the copies of one set.
private final class DigestCache: Sendable {
  let value = Mutex<String?>(nil)
}
