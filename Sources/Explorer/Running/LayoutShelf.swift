import Datasets
import Tensors

/// Layouts by t-SNE that were finished, kept from one start to the next: each in a file of the cache folder that is named by
/// a digest of its codes, which the model and the data determine. So nothing of another model or of other data is ever shown.
///
/// It is a cache: a file that is not there, or cannot be read, is computed anew, and what cannot be written, or has no home
/// folder to be in, is not kept.
struct LayoutShelf {
  private let folder: String?
  /// A layout of ten thousand codes is 80 kB.
  private static let mostFiles = 32
  private static let largestFile = 1 << 24
  private static let ending = ".npy"

  init(folder: String? = UserFolders.cache.map { "\($0)/t-sne" }) { self.folder = folder }

  /// The layout `[count, 2]` of codes `[count, dimensions]`; nil where none is kept.
  func layout(of codes: Tensor) -> Tensor? {
    guard let folder, let count = codes.shape.first, let owned = try? OwnedFolder(folder) else { return nil }
    let name = Self.name(of: codes)
    guard let bytes = try? owned.read(name, limit: Self.largestFile),
      let stored = try? NPY.decode(bytes, name: name), stored.shape == [count, 2],
      case .floats(let values) = stored.elements, values.allSatisfy(\.isFinite)
    else { return nil }
    return Tensor(shape: [count, 2], elements: values)
  }

  /// Keeps a layout; the oldest make room for it.
  func keep(_ layout: Tensor, of codes: Tensor) {
    guard let folder, layout.shape == [codes.shape.first ?? 0, 2], layout.elements.count * 4 < Self.largestFile / 2
    else { return }
    try? makeFolder(folder)
    guard let owned = try? OwnedFolder(folder) else { return }
    try? owned.write(NPY.encode(layout), as: Self.name(of: codes))
    let kept = owned.names.filter { $0.hasSuffix(Self.ending) && $0.count == 64 + Self.ending.count }
    guard kept.count > Self.mostFiles else { return }
    let oldestFirst = kept.map { (name: $0, date: owned.modification($0)) }
      .sorted { ($0.date, $0.name) < ($1.date, $1.name) }
    for file in oldestFirst.prefix(kept.count - Self.mostFiles) { owned.remove(file.name) }
  }

  static func name(of codes: Tensor) -> String {
    let shape = codes.shape.map(String.init).joined(separator: "x")
    // The version changes whenever the same codes would be laid out otherwise.
    var bytes = Array("t-SNE 2 \(shape) ".utf8)
    codes.elements.withUnsafeBytes { bytes.append(contentsOf: $0) }
    return Digest.sha256(bytes) + ending
  }
}
