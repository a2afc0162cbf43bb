// swift-tools-version: 6.3
import PackageDescription

// Numerical modules are optimised in debug builds too: the tests train real models, and unoptimised SIMD code
// is two orders of magnitude slower.
let optimisedAlways: [SwiftSetting] = [.unsafeFlags(["-O"], .when(configuration: .debug))]

// The kernels are compiled once for each instruction set, from the same source (KernelsV3 and KernelsV4 are links to
// Kernels); Tensors chooses at start by what the processor has.
func kernelSettings(_ level: Int) -> [SwiftSetting] {
  var settings: [SwiftSetting] = optimisedAlways
  // Vector functions are inlined across files only where the module is compiled as a whole, as a release always is.
  settings.append(
    .unsafeFlags(
      ["-disable-batch-mode", "-whole-module-optimization", "-num-threads", "2"], .when(configuration: .debug)))
  #if arch(x86_64)
    if level > 0 { settings.append(.unsafeFlags(["-Xcc", "-march=x86-64-v\(level)"])) }
    if level == 4 { settings.append(.define("WIDE_REGISTERS")) }
  #endif
  return settings
}

let package = Package(
  name: "zscope",
  products: [
    .executable(name: "zscope", targets: ["zscope"]),
    .executable(name: "zscope-download", targets: ["zscope-download"]),
    .library(name: "LatentModels", targets: ["LatentModels", "Datasets", "Tensors"]),
  ],
  dependencies: [
    // Exactly this one: Invocation.swift reads the parser's sentences and its underscored names, which no version promises.
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2")
  ],
  targets: [
    // ncurses has no pkgConfig here: its flags warn on every build.
    .systemLibrary(name: "CNcurses", providers: [.apt(["libncursesw5-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"])]),
    .systemLibrary(name: "CDigest", pkgConfig: "libmd", providers: [.apt(["libmd-dev"])]),
    .systemLibrary(name: "CLinux"),
    // libjpeg, loaded when the first JPEG is read; its errors are long jumps, which Swift must not see.
    .target(name: "CJPEG"),
    .target(name: "CIntrinsics"),

    .target(name: "KernelInterface", swiftSettings: optimisedAlways),
    .target(
      name: "Kernels", dependencies: ["KernelInterface", "CIntrinsics"], swiftSettings: kernelSettings(0)),
    .target(
      name: "KernelsV3", dependencies: ["KernelInterface", "CIntrinsics"], swiftSettings: kernelSettings(3)),
    .target(
      name: "KernelsV4", dependencies: ["KernelInterface", "CIntrinsics"], swiftSettings: kernelSettings(4)),
    .target(
      name: "Tensors",
      dependencies: ["CIntrinsics", "KernelInterface", "Kernels", "KernelsV3", "KernelsV4"],
      swiftSettings: optimisedAlways),
    .target(
      name: "Datasets", dependencies: ["Tensors", "CZlib", "CPNG", "CDigest", "CLinux", "CJPEG"],
      swiftSettings: optimisedAlways),
    .target(
      name: "LatentModels", dependencies: ["Tensors", "Datasets", "HarmlessText", "CLinux", "CZlib"],
      swiftSettings: optimisedAlways),
    .target(
      name: "Analysis", dependencies: ["Datasets", "Tensors", "KernelInterface"],
      swiftSettings: optimisedAlways),
    // What all text from outside passes on its way to a terminal, a log or JSON.
    .target(name: "HarmlessText", swiftSettings: optimisedAlways),
    .target(name: "Canvas", swiftSettings: optimisedAlways),
    // Signal handlers: what must not enter the Swift runtime.
    .target(name: "CTerminal"),
    .target(
      name: "Terminal", dependencies: ["CNcurses", "CTerminal", "Canvas"], swiftSettings: optimisedAlways),
    .target(
      name: "Exports",
      dependencies: ["Canvas", "HarmlessText", "Analysis", "LatentModels", "Datasets", "Tensors", "CPNG"],
      swiftSettings: optimisedAlways),
    .target(
      name: "Explorer",
      dependencies: [
        "Exports", "Terminal", "Canvas", "HarmlessText", "Analysis", "LatentModels", "Datasets", "Tensors",
      ],
      swiftSettings: optimisedAlways),
    .executableTarget(
      name: "zscope",
      dependencies: [
        "Explorer", "Exports", "Terminal", "Canvas", "HarmlessText", "Analysis", "LatentModels", "Datasets", "Tensors",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),

    // The only part that loads Foundation's networking, so that no other command waits for it.
    .executableTarget(name: "zscope-download"),

    // Counts what a thread allocates: of a training step, and of reading a hostile file.
    .target(name: "CAllocationCounter", path: "Tests/CAllocationCounter"),
    .testTarget(
      name: "TensorsTests", dependencies: ["Tensors", "CAllocationCounter", "CIntrinsics"],
      swiftSettings: optimisedAlways),
    .testTarget(name: "DatasetsTests", dependencies: ["Datasets", "Analysis", "CZlib", "zscope-download"]),
    .testTarget(
      name: "LatentModelsTests", dependencies: ["LatentModels", "CAllocationCounter"], exclude: ["Fixtures"],
      swiftSettings: optimisedAlways),
    .testTarget(name: "AnalysisTests", dependencies: ["Analysis"]),
    .testTarget(name: "ExportsTests", dependencies: ["Exports", "Canvas", "Analysis", "Datasets", "Tensors"]),
    // Random numbers that a test can repeat.
    .target(name: "TestRandom", path: "Tests/TestRandom"),
    .testTarget(
      name: "CanvasTests", dependencies: ["Canvas", "HarmlessText", "TestRandom"], exclude: ["Fixtures"],
      swiftSettings: optimisedAlways),
    // A small full-screen program that the terminal tests drive from outside.
    .executableTarget(
      name: "terminal-probe", dependencies: ["Terminal", "Canvas", "CLinux"], path: "Tests/TerminalProbe"),
    // Programs on pseudo terminals: the terminal's behaviour is tested on the probe, the explorer's on zscope.
    .target(name: "CPseudoTerminal", path: "Tests/CPseudoTerminal"),
    .target(name: "TerminalHarness", dependencies: ["CPseudoTerminal"], path: "Tests/TerminalHarness"),
    .testTarget(
      name: "TerminalTests",
      dependencies: ["Terminal", "Canvas", "TerminalHarness", "TestRandom", "terminal-probe"]),
    .testTarget(name: "ExplorerTests", dependencies: ["Explorer", "TestRandom"], exclude: ["Fixtures"]),
    .testTarget(name: "zscopeTests", dependencies: ["zscope", "Exports", "Canvas", "Datasets", "Tensors"]),
  ]
)
