import ArgumentParser
import Datasets
import Exports
import Tensors

/// The files that a command writes, held against one another and against those it reads before anything is computed.
enum Outputs {
  /// What stands behind an option, and the option as it is typed.
  typealias Named = (option: String, path: String?)

  /// - Throws: a `ValidationError` where two outputs are one file, whatever their paths, or one is a file that is read.
  static func check(_ outputs: [Named], reading inputs: [Named] = []) throws {
    var taken: [WrittenPlace: (option: String, path: String)] = [:]
    for case (let option, let path?) in outputs {
      guard let place = WrittenPlace(of: path) else { continue }
      if let other = taken[place] {
        throw ValidationError(
          "\(other.option) \(other.path) and \(option) \(path) are one file, in which only the last would be left: give "
            + "each its own")
      }
      taken[place] = (option, path)
    }
    for case (let option, let path?) in inputs where path != "-" {
      // Of `file.npz:name` the file is read; of a data set's name none.
      let file = Arrays.inArchive(path)?.file ?? path
      guard isFile(file), let place = WrittenPlace(of: file), let output = taken[place] else { continue }
      throw ValidationError(
        "\(output.option) \(output.path) is the file that is read\(option.isEmpty ? "" : " as \(option)"), which it "
          + "would replace: give another name")
    }
  }
}

/// An array that a command writes beside its main result, as the ending of its file says.
struct SideOutput {
  let path: String
  private let format: ExportFormat

  /// A name without an ending promises nothing: there NPY is written, as to standard output.
  ///
  /// - Throws: `ExportError` where the ending is of no format that holds arrays; `DatasetError` where it cannot be
  ///   written.
  init(_ path: String) throws {
    self.path = path
    let hasEnding = fileName(path).dropFirst().contains(".")
    format = try ExportFormat.of(path, asked: hasEnding ? nil : .npy, forms: [.array])
    try checkWritable(path)
  }

  /// Writes numbers, one row for each entry of the leading axis.
  func write(_ array: Tensor) throws { try format.write(Exhibit(name: fileName(path), array: { array }), to: path) }

  /// Writes classes, whole numbers each.
  func write(labels: [Int32]) throws {
    switch format {
    case .npy: try NPY.write(labels: labels, to: path)
    case .json: try writeOutput(Array("[\(labels.map(String.init).joined(separator: ", "))]\n".utf8), to: path)
    default:
      var table = Table(["label"])
      for label in labels { table.add([.whole(Int(label))]) }
      try format.write(Exhibit(name: fileName(path), table: { table }), to: path)
    }
  }
}
