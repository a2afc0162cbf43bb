import Datasets

/// The codes that a number counts in: those of a data set by name, and where its images are at hand, of these images. Images
/// held out of a training have the name of all, and other numbers.
struct CodeCollection: Sendable, Hashable {
  let name: String
  /// What the first image looks like, in one number; nil of codes that are stored without images.
  let firstImage: UInt64?

  /// Whether a number means the same code in both, as far as can be known: a part of a data set begins as the whole does.
  func counts(as other: CodeCollection) -> Bool {
    guard name == other.name else { return false }
    guard let firstImage, let second = other.firstImage else { return true }
    return firstImage == second
  }

  /// The bytes of the first image in one number (Fowler, Noll & Vo 1991); nil where there is none.
  static func fingerprint(of images: ImageSet) -> UInt64? {
    guard images.count > 0 else { return nil }
    return images.bytes(at: 0).reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
  }
}
