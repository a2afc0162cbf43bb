import Glibc

/// A full-screen program to be tried on a pseudo terminal.
public struct Program: Sendable, CustomStringConvertible {
  /// The name tests are reported under.
  public var name: String
  public var path: String
  public var arguments: [String] = []
  /// Variables set beyond the common ones.
  public var environment: [String: String] = [:]
  /// A key that changes the picture by a step.
  public var step: String = "\u{1B}[C"
  /// A key that takes a step back.
  public var stepBack: String = "\u{1B}[D"
  /// Keys that crash it, with the signals it dies by and what it says.
  public var crashes: [(key: String, signal: Int32, message: String)] = []
  /// Whether each run gets a home of its own, so that no run remembers another.
  public var needsHome = false
  /// A key that turns mouse reports on.
  public var mouseKey: String?
  /// A key that starts threads that compute.
  public var threadsKey: String?

  public var description: String { name }

  /// The key for one of many steps, back and forth so that none leads beyond an end.
  public func step(_ index: Int) -> String { index % 40 < 20 ? step : stepBack }

  /// A program with its arguments; what the tests need to know of its keys can be set afterwards.
  public init(name: String, path: String, arguments: [String] = []) {
    self.name = name
    self.path = path
    self.arguments = arguments
  }

  /// The variables every program starts with: a person's, without what would change its behaviour.
  static let environment: [String: String] = {
    var kept = ["TERM": "xterm-256color", "LC_ALL": "C.UTF-8"]
    for name in ["PATH", "HOME", "LD_LIBRARY_PATH", "ZSCOPE_ASSETS", "ZSCOPE_DATA"] {
      if let value = getenv(name) { kept[name] = String(cString: value) }
    }
    return kept
  }()

  /// The folder the tests' products were built into.
  private static var folder: String {
    var buffer = [CChar](repeating: 0, count: 4096)
    let count = readlink("/proc/self/exe", &buffer, buffer.count - 1)
    let executable = String(decoding: buffer.prefix(max(0, count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    // The runner is a product itself, or the tool chain's helper that was given a product.
    let candidates = [executable] + CommandLine.arguments
    for candidate in candidates {
      var path = candidate[...]
      while let slash = path.lastIndex(of: "/") {
        path = path[..<slash]
        if access("\(path)/terminal-probe", X_OK) == 0 { return String(path) }
      }
    }
    return ".build/debug"
  }

  /// The small program made for these tests.
  public static let probe: Program = {
    var probe = Program(name: "terminal-probe", path: "\(folder)/terminal-probe")
    probe.crashes = [
      ("f", SIGILL, "asked to crash"), ("x", SIGILL, "by SIGILL, a trap"), ("n", SIGABRT, "SIGABRT"),
      ("F", SIGILL, "thread was asked to crash"), ("X", SIGILL, "crashed in thread beside by SIGILL"),
      ("N", SIGABRT, "crashed in thread beside by SIGABRT"), ("V", SIGSEGV, "crashed in thread beside by SIGSEGV"),
    ]
    probe.mouseKey = "m"
    probe.threadsKey = "T"
    return probe
  }()

  /// The explorer with the model it brings along; nil where one of them is missing.
  public static let explorer: Program? = {
    let path = "\(folder)/zscope"
    // Products lie in .build/TRIPLE/CONFIGURATION (or behind a link to it), below the package.
    let models = ["../..", "../../.."].map { "\(folder)/\($0)/assets/models/mnist-2d/config.json" }
    guard access(path, X_OK) == 0, models.contains(where: { access($0, R_OK) == 0 }) else {
      print("SKIPPED: the terminal tests of zscope, because \(path) or assets/models/mnist-2d is missing")
      return nil
    }
    var explorer = Program(name: "zscope", path: path, arguments: ["explore", "mnist-2d"])
    explorer.needsHome = true
    return explorer
  }()

  /// What the behaviour tests run on: the probe and the explorer, or the program named by `ZSCOPE_TERMINAL_PROGRAM` (a
  /// path and arguments separated by spaces).
  public static let all: [Program] = {
    guard let text = getenv("ZSCOPE_TERMINAL_PROGRAM").map({ String(cString: $0) }), !text.isEmpty else {
      return [probe] + (explorer.map { [$0] } ?? [])
    }
    let words = text.split(separator: " ").map(String.init)
    var program = Program(name: words[0], path: words[0], arguments: Array(words.dropFirst()))
    program.needsHome = true
    return [program]
  }()
}
