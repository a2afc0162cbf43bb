import CPseudoTerminal
import Glibc

/// A program running on a pseudo terminal, watched from outside.
public final class PseudoTerminal {
  /// Everything the program has written.
  public private(set) var output: [UInt8] = []
  private var terminal = pseudo_terminal()
  private let before: termios
  private var outcome: Int32?
  /// The home that was made for this run; nil where the program has the tests' own.
  public private(set) var home: String?
  /// Bytes a second the reader takes; nil for as fast as they come.
  public var readingSpeed: Double?
  /// Whether requests for the terminal's status are answered once they have been read, as terminals do.
  public var answersStatus = false
  /// The answer to a question for the colour of the ground, such as `rgb:ffff/ffff/ffff`; nil: there is none.
  public var ground: String?
  private var answered = 0
  private var credit = 0.0
  private var lastCredit = steadySeconds()

  /// What of the program's standard streams is not the terminal.
  public struct Streams: OptionSet, Sendable {
    public let rawValue: Int32
    public init(rawValue: Int32) { self.rawValue = rawValue }
    public static let noInput = Streams(rawValue: Int32(PSEUDO_TERMINAL_NO_INPUT))
    public static let pipedOutput = Streams(rawValue: Int32(PSEUDO_TERMINAL_PIPED_OUTPUT))
    public static let pipedErrors = Streams(rawValue: Int32(PSEUDO_TERMINAL_PIPED_ERRORS))
  }

  /// Starts a program. Values of nil in `environment` remove a variable; with `inHome` relative paths are in its home.
  public init(
    _ program: Program, columns: Int = 120, rows: Int = 40, environment changes: [String: String?] = [:],
    streams: Streams = [], inHome: Bool = false
  ) throws {
    var environment = Program.environment.merging(program.environment) { $1 }
    if program.needsHome {
      var template = Array("/tmp/zscope-home-XXXXXX".utf8CString)
      if let folder = mkdtemp(&template) {
        home = String(cString: folder)
        environment["HOME"] = home
      }
    }
    let folder = inHome ? home : nil
    for (name, value) in changes { environment[name] = value }
    let arguments = ([program.path] + program.arguments).map { strdup($0) }
    let variables = environment.compactMap { name, value in strdup("\(name)=\(value)") }
    defer { for text in arguments + variables { free(text) } }
    func constant(_ list: [UnsafeMutablePointer<CChar>?]) -> [UnsafePointer<CChar>?] {
      list.map { UnsafePointer($0) } + [nil]
    }
    let failure = pseudo_terminal_start(
      &terminal, constant(arguments), constant(variables), folder, Int32(columns), Int32(rows),
      streams.rawValue)
    if failure != 0 { throw Failure(text: "no pseudo terminal: \(String(cString: strerror(failure)))") }
    // The program has not changed anything before it wrote something; the settings of a new terminal are always alike.
    var settings = termios()
    tcgetattr(terminal.slave, &settings)
    before = Self.defaultSettings ?? settings
  }

  deinit {
    pseudo_terminal_close(&terminal)
    if let home { Self.remove(home) }
  }

  private static func remove(_ path: String) {
    if let folder = opendir(path) {
      while let entry = readdir(folder) {
        let name = withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        if name != ".", name != ".." { remove("\(path)/\(name)") }
      }
      closedir(folder)
    }
    Glibc.remove(path)
  }

  private struct Failure: Error, CustomStringConvertible {
    let text: String
    var description: String { text }
  }

  /// The settings of a pseudo terminal nobody has touched.
  private static let defaultSettings: termios? = {
    var (master, slave) = (Int32(0), Int32(0))
    guard openpty(&master, &slave, nil, nil, nil) == 0 else { return nil }
    var settings = termios()
    tcgetattr(slave, &settings)
    close(master)
    close(slave)
    return settings
  }()

  /// The program's process.
  public var process: pid_t { terminal.program }

  // MARK: - Acting

  /// Types bytes.
  public func type(_ bytes: [UInt8]) {
    bytes.withUnsafeBytes { _ = write(terminal.master, $0.baseAddress, $0.count) }
  }

  /// Types a text.
  public func type(_ text: String) { type(Array(text.utf8)) }

  /// Changes the window's size.
  public func resize(columns: Int, rows: Int) { _ = pseudo_terminal_resize(&terminal, Int32(columns), Int32(rows)) }

  /// Sends the program a signal.
  public func signal(_ signal: Int32) { kill(terminal.program, signal) }

  /// Sends one thread of the program a signal, as a fault of its own would.
  public func signal(_ signal: Int32, thread: Int32) {
    _ = pseudo_terminal_signal_thread(terminal.program, thread, signal)
  }

  /// The threads of the program by number.
  public var allThreads: [Int32] { threads.compactMap { Int32($0) } }

  /// What a thread is called.
  public func name(of thread: Int32) -> String {
    (status("task/\(thread)/comm") ?? "").filter { $0 != "\n" }
  }

  /// The threads of that name.
  public func threads(named name: String) -> [Int32] { allThreads.filter { self.name(of: $0) == name } }

  /// The signals a thread blocks: bit n − 1 is signal n.
  public func blockedSignals(of thread: Int32) -> UInt64 {
    let line = status("task/\(thread)/status")?.split(separator: "\n").first { $0.hasPrefix("SigBlk:") }
    return line?.split(whereSeparator: \.isWhitespace).last.flatMap { UInt64($0, radix: 16) } ?? .max
  }

  /// Takes the terminal away, as closing its window does.
  public func hangUp() {
    close(terminal.slave)
    close(terminal.master)
    // Later readers see a closed end of a pipe instead.
    var ends: [Int32] = [0, 0]
    pipe(&ends)
    close(ends[1])
    terminal.master = ends[0]
    terminal.slave = fcntl(ends[0], F_DUPFD_CLOEXEC, 0)
  }

  /// Gives the terminal the settings a shell uses.
  public func makeSane() {
    var settings = before
    tcsetattr(terminal.slave, TCSANOW, &settings)
  }

  // MARK: - Watching

  /// Reads until nothing came for `quiet` seconds, at most for `limit`. Returns what came.
  @discardableResult
  public func read(quiet: Double = 0.15, limit: Double = 5) -> [UInt8] {
    // How long a program takes to start depends on what else the machine does.
    if output.isEmpty { _ = read(limit: 20) { !$0.output.isEmpty || $0.ending != nil } }
    let end = steadySeconds() + limit
    var (silence, last) = (0.0, steadySeconds())
    var got: [UInt8] = []
    while last < end, silence < quiet {
      let bytes = readOnce(waiting: 0.005)
      let now = steadySeconds()
      // A program that waits for its turn is not quiet, and a time in which nobody looked is none of silence.
      silence = bytes.isEmpty && !isBusy ? silence + min(now - last, 0.01) : 0
      last = now
      got += bytes
    }
    return got
  }

  /// Whether the program has something to do: its main thread would run, or was typed at and has not read it yet.
  private var isBusy: Bool {
    switch state {
    case "R", "D": true
    case "S": unread > 0
    default: false
    }
  }

  /// The typed bytes that the program has not read yet.
  private var unread: Int32 {
    var count: Int32 = 0
    return ioctl(terminal.slave, UInt(FIONREAD), &count) == 0 ? count : 0
  }

  /// Types something again and again, as a key held down does, and reads all the while; ends when the program has read
  /// what was typed.
  public func hold(_ count: Int, perSecond: Double = 30, _ text: (Int) -> String) {
    let start = steadySeconds()
    for index in 0..<count {
      type(text(index))
      _ = read(limit: start + Double(index + 1) / perSecond - steadySeconds()) { _ in false }
    }
    _ = read { !$0.isBusy }
  }

  /// Reads until a condition holds, at most for `limit` seconds; whether it does.
  public func read(limit: Double = 5, until condition: (PseudoTerminal) -> Bool) -> Bool {
    let end = steadySeconds() + limit
    while steadySeconds() < end {
      if condition(self) { return true }
      _ = readOnce(waiting: 0.005)
    }
    return condition(self)
  }

  private func readOnce(waiting seconds: Double) -> [UInt8] {
    var limit = 65536
    if let readingSpeed {
      let now = steadySeconds()
      credit = min(credit + (now - lastCredit) * readingSpeed, readingSpeed / 10)
      lastCredit = now
      limit = Int(credit)
      if limit < 256 {
        usleep(2000)
        return []
      }
    }
    var waiting = pollfd(fd: terminal.master, events: Int16(POLLIN), revents: 0)
    guard poll(&waiting, 1, Int32(seconds * 1000)) > 0 else { return [] }
    let bytes = [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
      count = max(0, Glibc.read(terminal.master, buffer.baseAddress, limit))
    }
    credit -= Double(bytes.count)
    output += bytes
    answerRequests()
    return bytes
  }

  private func answerRequests() {
    let request = Array("\u{1B}[5n".utf8)
    while answered + request.count <= output.count {
      if output[answered..<answered + request.count].elementsEqual(request) {
        if answersStatus { type("\u{1B}[0n") }
        answered += request.count
      } else if output[answered...].starts(with: Array("\u{1B}]11;?\u{1B}\\".utf8)) {
        if let ground { type("\u{1B}]11;\(ground)\u{1B}\\") }
        answered += request.count
      } else {
        answered += 1
      }
    }
  }

  /// What was typed and not read, as a shell would find it after the program's end.
  public var typedAhead: [UInt8] {
    var settings = before
    settings.c_lflag &= ~tcflag_t(ICANON)
    tcsetattr(terminal.slave, TCSANOW, &settings)
    var waiting = pollfd(fd: terminal.slave, events: Int16(POLLIN), revents: 0)
    guard poll(&waiting, 1, 50) > 0 else { return [] }
    return [UInt8](unsafeUninitializedCapacity: 4096) { buffer, count in
      count = max(0, Glibc.read(terminal.slave, buffer.baseAddress, 4096))
    }
  }

  /// The exit status, or the negative number of the signal that ended the program; nil while it runs.
  public var ending: Int32? {
    if outcome != nil { return outcome }
    var waiting = pollfd(fd: terminal.report, events: Int16(POLLIN), revents: 0)
    guard poll(&waiting, 1, 0) > 0 else { return nil }
    var status: Int32 = 0
    guard Glibc.read(terminal.report, &status, 4) == 4 else { return nil }
    outcome = pseudo_terminal_outcome(status)
    return outcome
  }

  /// Waits for the end, reading all the while. Returns `ending`, or nil after `limit` seconds.
  public func waitForEnd(limit: Double = 5) -> Int32? {
    _ = read(limit: limit) { $0.ending != nil }
    read(quiet: 0.05, limit: 1)
    return ending
  }

  /// The process state as the kernel tells it: "S" sleeping, "R" running, "T" stopped.
  public var state: String {
    guard let fields = status("stat")?.split(separator: ")").last?.split(separator: " ") else { return "gone" }
    return fields.first.map(String.init) ?? "gone"
  }

  /// How often the threads of the program gave the processor up, together: each wake-up counts once.
  public var wakeUps: Int {
    threads.reduce(0) { sum, thread in
      let lines = status("task/\(thread)/status")?.split(separator: "\n") ?? []
      let line = lines.first { $0.hasPrefix("voluntary_ctxt_switches") }
      return sum + (line?.split(whereSeparator: \.isWhitespace).last.flatMap { Int($0) } ?? 0)
    }
  }

  private var threads: [String] {
    guard let folder = opendir("/proc/\(terminal.program)/task") else { return [] }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      if name.first?.isNumber == true { names.append(name) }
    }
    return names
  }

  private func status(_ file: String) -> String? {
    let descriptor = open("/proc/\(terminal.program)/\(file)", O_RDONLY)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    let bytes = [UInt8](unsafeUninitializedCapacity: 8192) { buffer, count in
      count = max(0, Glibc.read(descriptor, buffer.baseAddress, 8192))
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// What the program's standard output (where it is a pipe) received until it was closed, at most for `limit` seconds.
  public func pipedOutput(limit: Double = 2) -> String {
    let end = steadySeconds() + limit
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    var waiting = pollfd(fd: terminal.output, events: Int16(POLLIN), revents: 0)
    while poll(&waiting, 1, Int32(max(0, end - steadySeconds()) * 1000)) > 0 {
      let count = Glibc.read(terminal.output, &buffer, buffer.count)
      if count <= 0 { break }
      bytes += buffer[..<count]
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  // MARK: - Judging

  /// What the terminal shows, of what was written from an index on.
  public func screen(columns: Int = 120, rows: Int = 40, from start: Int = 0) -> ScreenEmulator {
    var screen = ScreenEmulator(width: columns, height: rows)
    screen.feed(output[start...])
    return screen
  }

  /// Where the last clearing of the whole screen begins: earlier bytes were meant for other sizes.
  public var lastClear: Int {
    let clear = Array("\u{1B}[H\u{1B}[2J".utf8)
    guard output.count >= clear.count else { return 0 }
    return (0...(output.count - clear.count)).last { output[$0..<($0 + clear.count)].elementsEqual(clear) } ?? 0
  }

  /// What is not as the program found it: settings and modes.
  public var leftOn: [String] {
    var left: [String] = []
    var now = termios()
    tcgetattr(terminal.slave, &now)
    if now.c_iflag != before.c_iflag { left.append("input settings") }
    if now.c_oflag != before.c_oflag { left.append("output settings") }
    if now.c_lflag != before.c_lflag { left.append("local settings") }
    let names = [
      1: "application cursor", 47: "alternate screen", 1000: "mouse", 1002: "mouse drags", 1003: "mouse moves",
      1004: "focus reports", 1006: "mouse in SGR form", 1047: "alternate screen", 1049: "alternate screen",
      2004: "marked pastes", -1: "application keypad",
    ]
    for (mode, isOn) in screen().modes {
      if let name = names[mode], isOn { left.append(name) }
      if mode == 25, !isOn { left.append("hidden cursor") }
      if mode == 7, !isOn { left.append("no wrapping") }
    }
    return left
  }
}

/// The steady clock in seconds.
public func steadySeconds() -> Double {
  var now = timespec()
  clock_gettime(CLOCK_MONOTONIC, &now)
  return Double(now.tv_sec) + Double(now.tv_nsec) / 1e9
}
