import Canvas
import Datasets
import Exports
import Glibc
import LatentModels
import Tensors

/// Writes files of what a session shows, beside the loop.
final class Exporter {
  /// Draws the screen as it is now; set by who can.
  var screen: () -> ShownFrame? = { nil }
  private let written = Mailbox<Message>()
  private var count = 0

  /// Whether a file is being written.
  var isWriting: Bool { count > 0 }

  /// Readable once a file has been written.
  var fileDescriptor: Int32 { written.fileDescriptor }

  /// Begins to write a file, or asks whether one that is there is to be replaced, or says what is wrong with it.
  func perform(_ export: Export, _ model: LatentModel?) -> [Action] {
    let path = UserFolders.expanded(export.path)
    do {
      try checkNoTerminal(path, example: export.kind.example)
      let format = try ExportFormat.of(path, forms: export.kind.forms)
      try checkWritable(path)
      if isFile(path), !export.mayReplace { return [.askToReplace(export)] }
      guard let exhibit = exhibit(export, model) else {
        return [.say(.error("there is nothing to write yet: open a model first"))]
      }
      let (name, written) = (export.name, written)
      count += 1
      beside {
        do {
          let bytes = try format.encode(exhibit())
          try writeOutput(bytes, to: path)
          written.post(.note("wrote \(name) to \(path): \(Numbers.grouped(bytes.count)) bytes"))
        } catch { written.post(.error("\(name) was not written: \(error)")) }
      }
    } catch { return [.say(.error("\(error)"))] }
    return []
  }

  /// What has become of files since.
  func collect() -> [Message] {
    let messages = written.take()
    count -= messages.count
    return messages
  }

  /// Waits for what is still being written; what became of it.
  func finish() -> [Message] {
    var messages = collect()
    while isWriting {
      var watched = pollfd(fd: fileDescriptor, events: Int16(POLLIN), revents: 0)
      _ = poll(&watched, 1, -1)
      messages += collect()
    }
    return messages
  }

  /// The terminal is taken: bytes among what it shows would spoil the screen.
  ///
  /// - Throws: `DatasetError` of kind `unwritable`.
  private func checkNoTerminal(_ path: String, example: String) throws {
    let isStream = ["-", "/dev/stdout", "/dev/stderr", "/dev/tty"].contains(path) || path.hasPrefix("/dev/fd/")
    guard isStream || fileType(path) == S_IFCHR else { return }
    throw DatasetError(
      .unwritable, path, "this is no file, and the explorer has the terminal",
      remedy: "give a file, such as \(example)")
  }

  /// Takes hold of what is to be written as it is now; making it of that is for another thread.
  private func exhibit(_ export: Export, _ model: LatentModel?) -> (@Sendable () -> Exhibit)? {
    let name = fileName(export.path)
    switch export.content {
    case .screen:
      guard let shown = screen() else { return nil }
      return { Exhibit(name: name, screen: { shown }) }
    case .pictures(let batch, let seconds):
      guard let model, batch.count > 0 else { return nil }
      let size = model.configuration.model
      return {
        Exhibit(
          name: name, width: size.imageWidth, height: size.imageHeight, columns: batch.count, seconds: seconds
        ) { try model.decode(Tensor(shape: [batch.count, model.latentSize], elements: batch.codes)) }
      }
    case .code(let code):
      return { Exhibit(name: name, array: { Tensor(shape: [1, code.count], elements: code) }) }
    case .codes(let cloud, let hidden):
      return { Exhibit(name: name, array: { cloud.means(without: hidden) }) }
    }
  }
}

/// What kind of file `path` leads to, such as `S_IFREG`; nil where nothing is there.
func fileType(_ path: String) -> mode_t? {
  var status = stat()
  return stat(path, &status) == 0 ? status.st_mode & S_IFMT : nil
}

extension CodeCloud {
  /// Whether a code is of none of these classes.
  private func isShown(_ index: Int, without hidden: Set<Int32>) -> Bool {
    hidden.isEmpty || labels.isEmpty || !hidden.contains(labels[index])
  }

  /// How many codes are of none of these classes.
  func count(without hidden: Set<Int32>) -> Int { (0..<count).count { isShown($0, without: hidden) } }

  /// The posterior means of the codes of none of these classes, `[n, dimensions]`, in their order.
  func means(without hidden: Set<Int32>) -> Tensor {
    let rows = (0..<count).filter { isShown($0, without: hidden) }
    return Tensor(shape: [rows.count, dimensions], elements: rows.flatMap { means.row($0) })
  }
}
