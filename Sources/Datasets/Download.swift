import Glibc

/// One file fetched over HTTP by the helper program `zscope-download`, which stands beside this one.
///
/// Only the helper links Foundation's networking: loading that library takes longer than all else a command does at
/// its start. The helper writes `ok TOTAL` (or `ok -`) and a newline, then the body, to its standard output; or, to its
/// standard error, `KIND` a tab and what went wrong. Nothing touches the disk.
struct Download {
  static let helperName = "zscope-download"

  let address: String
  let limit: Int

  static func cancelled(_ place: String) -> DatasetError {
    DatasetError(.cancelled, place, "stopped; nothing partial was kept")
  }

  /// Fetches the file.
  ///
  /// - Parameter report: told the bytes so far and the total, if known.
  /// - Throws: `DatasetError`.
  func run(isCancelled: () -> Bool, report: (_ bytes: Int, _ total: Int?) -> Void) throws -> [UInt8] {
    let helper = try Self.helper()
    let body = try Pipe()
    let messages = try Pipe()
    let process = try spawn(helper, body: body, messages: messages)
    body.closeWritingEnd()
    messages.closeWritingEnd()
    var collected: [UInt8] = []
    var complaint: [UInt8] = []
    var header: (length: Int, total: Int?)?
    var failure: DatasetError?
    while body.isOpen || messages.isOpen {
      if isCancelled() {
        failure = Self.cancelled(address)
        break
      }
      var waiting = [body.reading, messages.reading].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
      guard poll(&waiting, 2, 100) > 0 else { continue }
      if waiting[0].revents != 0 { body.read(into: &collected) }
      if waiting[1].revents != 0 { messages.read(into: &complaint) }
      if header == nil, let newline = collected.prefix(64).firstIndex(of: 0x0a) {
        let words = String(decoding: collected[..<newline], as: UTF8.self).split(separator: " ")
        header = (newline + 1, words.count == 2 ? Int(words[1]) : nil)
      }
      if let header { report(collected.count - header.length, header.total) }
      if collected.count > limit + 64 {
        failure = DatasetError(.tooLarge, address, "the server sends more than \(limit) bytes")
        break
      }
    }
    if failure != nil { kill(process, SIGKILL) }
    let status = Self.wait(process)
    if let failure { throw failure }
    guard status == 0, let header else { throw reason(complaint, status: status, isCancelled: isCancelled()) }
    let count = collected.count - header.length
    if let total = header.total, count != total {
      throw DatasetError(
        .truncated, address, "the server sent \(count) of the \(total) bytes it announced", remedy: "try again")
    }
    collected.removeFirst(header.length)
    return collected
  }

  private func reason(_ complaint: [UInt8], status: Int32, isCancelled: Bool) -> DatasetError {
    let words = String(decoding: complaint, as: UTF8.self).split(separator: "\t", maxSplits: 1)
    // ^C reaches the helper too, at times before this program has noticed it.
    if isCancelled || status & 0x7f == SIGINT { return Self.cancelled(address) }
    guard words.count == 2, let kind = DatasetError.Kind(rawValue: String(words[0])) else {
      return DatasetError(.network, address, "\(Self.helperName) ended with status \(status)", remedy: "try again")
    }
    let text = words[1].split(separator: "\n").first.map(String.init) ?? "failed"
    return DatasetError(kind, address, text, remedy: Self.remedy(kind))
  }

  private static func remedy(_ kind: DatasetError.Kind) -> String {
    switch kind {
    case .refusedByServer, .redirectLoop, .unknown: "give another place with --from DIR-or-URL"
    case .truncated: "try again"
    default: "check the connection, or give another place with --from DIR-or-URL; strokes needs no network"
    }
  }

  /// The helper stands beside the program itself.
  static func helper() throws -> String {
    let helper = "\(programFolder ?? ".")/\(helperName)"
    guard access(helper, X_OK) == 0 else {
      throw DatasetError(
        .missing, helper, "the helper that fetches files is not beside the program",
        remedy: "build all with swift build, or fetch the files otherwise and give their folder with --from DIR")
    }
    return helper
  }

  private func spawn(_ helper: String, body: Pipe, messages: Pipe) throws -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, body.writing, STDOUT_FILENO)
    posix_spawn_file_actions_adddup2(&actions, messages.writing, STDERR_FILENO)
    var arguments: [UnsafeMutablePointer<CChar>?] = [strdup(helper), strdup(address), strdup("\(limit)"), nil]
    defer { arguments.forEach { free($0) } }
    var process: pid_t = 0
    let status = posix_spawn(&process, helper, &actions, nil, &arguments, environ)
    guard status == 0 else {
      throw DatasetError(.network, helper, "cannot be started (\(String(cString: strerror(status))))")
    }
    return process
  }

  private static func wait(_ process: pid_t) -> Int32 {
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0 { if errno != EINTR { return -1 } }
    return status
  }
}

/// Both ends of a pipe, closed when forgotten.
private final class Pipe {
  private(set) var reading: Int32
  private(set) var writing: Int32
  var isOpen: Bool { reading >= 0 }

  init() throws {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else {
      throw DatasetError(.network, "pipe", "cannot be made (\(String(cString: strerror(errno))))")
    }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    (reading, writing) = (ends[0], ends[1])
  }

  deinit {
    closeWritingEnd()
    if reading >= 0 { close(reading) }
  }

  func closeWritingEnd() {
    if writing >= 0 { close(writing) }
    writing = -1
  }

  /// Appends what is there; at the end closes.
  func read(into bytes: inout [UInt8]) {
    let room = 1 << 16
    var failed = false
    let chunk = [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
      let got = Glibc.read(reading, buffer.baseAddress, room)
      count = max(got, 0)
      failed = got == 0 || (got < 0 && errno != EINTR && errno != EAGAIN)
    }
    bytes += chunk
    if failed {
      close(reading)
      reading = -1
    }
  }
}
