import Datasets

extension ExportFormat {
  /// numpy's arrays, float32.
  public static let npy = ExportFormat(name: "npy", summary: "an array for numpy, float32", forms: [.array]) {
    try $0.array.map { NPY.encode(try $0()) }
  }
}
