/// How crowded the plane is, as shades: for a first look at codes without classes, and for regions no code lives in.
public struct DensityMap: Sendable {
  /// The points; those that are not finite are left out.
  public var points: [SIMD2<Float>]
  /// The part of the plane shown.
  public var window: PlotWindow

  /// A map of where the points in a window gather.
  public init(points: [SIMD2<Float>], window: PlotWindow) {
    self.points = points
    self.window = window
  }

  /// The map on `width` × `height` cells: greys where there are enough, else shades or ` .:-=+*#%@`.
  public func frame(width: Int, height: Int, rendition: Rendition) -> Frame {
    var frame = Frame(width: width, height: height)
    guard frame.width > 0, frame.height > 0 else { return frame }
    let counts = ScatterCounts(
      points: points, labels: [], hiddenClasses: [], window: window, columns: frame.width, rows: frame.height)
    let ramp: [Unicode.Scalar] =
      rendition.unicode ? [" ", "░", "▒", "▓", "█"] : [" ", ".", ":", "-", "=", "+", "*", "#", "%", "@"]
    for (index, density) in counts.density().enumerated() {
      switch rendition.colors {
      case .palette256, .direct:
        // From the ground on: what is crowded stands out from it.
        let step = UInt8((density * 24).rounded())
        let shade = rendition.appearance.pick(dark: 231 + step, light: 0 &- step)
        frame.cells[index].background = step == 0 ? .standard : .palette(shade)
      case .mono, .ansi8, .ansi16:
        frame.cells[index].glyph = ramp[Int((density * Float(ramp.count - 1)).rounded(.up))]
      }
    }
    return frame
  }
}
