import Foundation
import Testing

@testable import Canvas

/// The aims of the glyph table, over a hundred digits of MNIST's test part as the scorer takes them.
@Suite struct GlyphQualityTests {
  /// A hundred digits, or nil where the data set is not at hand.
  private static let digits: [GreyImage]? = {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let folders = [
      ProcessInfo.processInfo.environment["ZSCOPE_DATA"].map { URL(fileURLWithPath: $0) },
      root.appendingPathComponent("../shared/mnist"),
    ]
    for folder in folders.compactMap({ $0 }) {
      for name in ["t10k-images-idx3-ubyte", "mnist/t10k-images-idx3-ubyte"] {
        let path = folder.appendingPathComponent(name).path
        guard let bytes = plainOrUnpacked(path), bytes.count >= 16 + 78_400 else { continue }
        return (0..<100).map { index in
          GreyImage(width: 28, height: 28, bytes: bytes[16 + 784 * index..<16 + 784 * (index + 1)])
        }
      }
    }
    print("SKIPPED: glyph quality needs MNIST's test images in ZSCOPE_DATA or ../shared/mnist; none were found")
    return nil
  }()

  /// The file, or its gzipped sibling unpacked by the system's gzip: Canvas imports nothing that could.
  private static func plainOrUnpacked(_ path: String) -> [UInt8]? {
    if let data = FileManager.default.contents(atPath: path) { return [UInt8](data) }
    guard FileManager.default.fileExists(atPath: path + ".gz") else { return nil }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["gzip", "-dc", path + ".gz"]
    let pipe = Pipe()
    process.standardOutput = pipe
    guard (try? process.run()) != nil else { return nil }
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return [UInt8](data)
  }

  struct Aim: Sendable {
    let width: Int
    let height: Int
    let colors: ColorLevel
    let decibels: Double
  }

  static let aims = [
    Aim(width: 28, height: 14, colors: .palette256, decibels: 47),
    Aim(width: 28, height: 14, colors: .ansi16, decibels: 27.5),
    Aim(width: 28, height: 14, colors: .mono, decibels: 21),
    Aim(width: 14, height: 7, colors: .palette256, decibels: 22.4),
    Aim(width: 14, height: 7, colors: .mono, decibels: 18.9),
    Aim(width: 10, height: 5, colors: .palette256, decibels: 17.5),
  ]

  @Test(arguments: aims) func digitsReachTheirAim(aim: Aim) {
    guard let digits = Self.digits else { return }
    let rasteriser = Rasteriser()
    let fitter = GlyphFitter(rendition: Rendition(colors: aim.colors))
    let ratios = digits.map { digit -> Double in
      let error = rasteriser.error(of: fitter.fit(digit, width: aim.width, height: aim.height), from: digit)
      return min(99, 10 * log10(255 * 255 / max(error, 1e-12)))
    }
    #expect(ratios.reduce(0, +) / Double(ratios.count) >= aim.decibels)
  }
}
