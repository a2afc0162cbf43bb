/// Named values as horizontal bars, such as the divergence of each latent dimension.
public struct BarChart: Sendable {
  /// One bar.
  public struct Bar: Hashable, Sendable {
    /// What stands before the bar.
    public var name: String
    /// Values below zero and those that are not numbers draw no bar.
    public var value: Double
    /// The bar's colour; limited to what the rendition has.
    public var color: Color
    /// Whether it is drawn faintly, as an inactive dimension is.
    public var isDimmed: Bool

    /// A named bar.
    public init(name: String, value: Double, color: Color = .standard, isDimmed: Bool = false) {
      self.name = name
      self.value = value
      self.color = color
      self.isDimmed = isDimmed
    }
  }

  /// The bars, from the top.
  public var bars: [Bar]
  /// The value of a full bar; the largest one's when nil.
  public var maximum: Double?
  /// Decimals of the values written beside the bars.
  public var decimals = 2

  /// A chart of bars scaled to the longest.
  public init(bars: [Bar]) { self.bars = bars }

  /// As many bars as there are rows, from the first; name, bar and value in each.
  public func frame(width: Int, height: Int, rendition: Rendition) -> Frame {
    var frame = Frame(width: width, height: height)
    let shown = bars.prefix(frame.height)
    let values = shown.map { bar -> String in
      let text = NumberText.decimal(bar.value, decimals: decimals)
      return rendition.unicode && text.hasPrefix("-") ? "−" + text.dropFirst() : text
    }
    let nameColumns = shown.map(\.name.unicodeScalars.count).max() ?? 0
    let valueColumns = values.map(\.unicodeScalars.count).max() ?? 0
    let barColumns = max(0, frame.width - nameColumns - valueColumns - 2)
    let full = maximum ?? shown.map(\.value).filter(\.isFinite).max() ?? 0
    for (row, (bar, value)) in zip(shown, values).enumerated() {
      let faint = PlotStyle.faint(rendition)
      let style = bar.isDimmed ? faint : .standard
      frame.write(bar.name, column: 0, row: row, foreground: style, maximumWidth: nameColumns)
      let fraction = full > 0 ? bar.value / full : 0
      frame.write(
        Gauges.bar(fraction: fraction, width: barColumns, rendition: rendition), column: nameColumns + 1, row: row,
        foreground: bar.isDimmed ? faint : bar.color.limited(to: rendition.colors))
      frame.write(value, column: frame.width - value.unicodeScalars.count, row: row, foreground: style)
    }
    return frame.inASCII(unless: rendition.unicode)
  }
}
