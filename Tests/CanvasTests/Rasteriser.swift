@testable import Canvas

/// Frames as a screen would show them, 8×16 pixels a cell, in luma of 0 to 255; and how far that is from a picture.
struct Rasteriser {
  private let coverage: [Unicode.Scalar: [Float]]

  private let lumas: [Color: Float]

  /// - Parameter greys: what to take colours for, where it is not their xterm value.
  init(greys: GreyLevels = .palette256) {
    lumas = Dictionary(zip(greys.colors, greys.values)) { first, _ in first }
    var coverage: [Unicode.Scalar: [Float]] = [:]
    for mask in GlyphMask.ascii + GlyphMask.blocks + GlyphMask.shades + GlyphMask.sextants {
      coverage[mask.glyph] = mask.coverage
      if let complement = mask.complement { coverage[complement] = mask.coverage.map { 1 - $0 } }
    }
    self.coverage = coverage
  }

  /// The mean squared difference over the device pixels of the frame; infinite for an unknown glyph.
  func error(of frame: Frame, from image: GreyImage) -> Double {
    var sum = 0.0
    for row in 0..<frame.height {
      for column in 0..<frame.width {
        let cell = frame[column, row]
        guard let mask = coverage[cell.glyph] else { return .infinity }
        var front = luma(cell.foreground, standard: 255)
        var back = luma(cell.background, standard: 0)
        if cell.attributes.contains(.reverse) { swap(&front, &back) }
        for pixel in 0..<128 {
          let x = (Double(column * 8 + pixel % 8) + 0.5) / Double(frame.width * 8) * Double(image.width)
          let y = (Double(row * 16 + pixel / 8) + 0.5) / Double(frame.height * 16) * Double(image.height)
          let wanted = image.values[Int(y) * image.width + Int(x)] * 255
          let shown = back + mask[pixel] * (front - back)
          sum += Double((shown - wanted) * (shown - wanted))
        }
      }
    }
    return sum / Double(128 * frame.width * frame.height)
  }

  private func luma(_ color: Color, standard: Float) -> Float {
    if color != .standard, let luma = lumas[color] { return luma }
    guard let rgb = color.rgb else { return standard }
    return 0.2126 * Float(rgb.x) + 0.7152 * Float(rgb.y) + 0.0722 * Float(rgb.z)
  }
}
