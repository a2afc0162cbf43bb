import Analysis
import Canvas

extension Pane {
  /// How the variance of codes is spread over their principal components.
  static let spectrum = Pane(rawValue: "spectrum")
}

extension Context {
  static let spectrum = Context.pane(.spectrum)
}

extension PaneKind {
  static let spectrum = PaneKind(
    .spectrum, title: "PCA spectrum", takesKeys: true, measures: [.principalSpectrum],
    room: { state, _ in Room(least: 6, wanted: min(state.order.count + 3, max(8, state.size.height / 5)), priority: 5)
    },
    draw: { canvas, _ in canvas.drawSpectrum() },
    wheel: { _, _, _, direction in [ScrolledPane.scroll(.spectrum, by: -direction, count: Spectrum.count)] },
    words: { state in
      guard let spectrum = Spectrum(state) else { return [] }
      // From where the pane has been scrolled to.
      let height = (state.layout?.inside(.spectrum).height ?? 0) - 1
      let first = ScrolledPane(.spectrum, count: spectrum.means.count, height: height, state).first
      let rest = spectrum.means.dropFirst(first)
      let listed = rest.prefix(8).map { Numbers.fixed($0, 2) }.joined(separator: ", ")
      let more = rest.count > 8 ? " and \(rest.count - 8) more" : ""
      let place = first > 0 ? " from pc\(first + 1) on:" : ""
      return ["PCA spectrum: variances of the means along principal components\(place) \(listed)\(more)."]
    },
    commands: ScrolledPane.commands(.spectrum, "component", count: Spectrum.count))
}

/// The variances of the means and of sampled codes along principal components, largest first.
struct Spectrum {
  let means: [Double]
  let samples: [Double]

  init?(_ state: State) {
    guard let result = state.insight.result(Measure.principalSpectrum.name), let means = result.table("means") else {
      return nil
    }
    self.means = means.values
    samples = result.table("samples")?.values ?? []
  }

  @Sendable static func count(_ state: State) -> Int { Spectrum(state)?.means.count ?? 0 }

  /// The share of the variance of the means that lies in the first components.
  func share(ofFirst count: Int) -> Double {
    let total = means.reduce(0, +)
    return total > 0 ? means.prefix(count).reduce(0, +) / total : 0
  }
}

extension PaneCanvas {
  mutating func drawSpectrum() {
    let inside = layout.inside(.spectrum)
    guard let spectrum = Spectrum(state) else {
      titleInsight(.spectrum, "PCA spectrum")
      return writeInsightAbsence(.principalSpectrum, inside)
    }
    let rows = ScrolledPane(.spectrum, count: spectrum.means.count, height: inside.height - 1, state)
    titleInsight(.spectrum, "PCA spectrum", rows: rows.note)
    let nameWidth = "pc\(spectrum.means.count)".count + 2
    let hasSamples = !spectrum.samples.isEmpty && inside.width >= 40
    let shareWidth = inside.width >= 34 ? 7 : 0
    let width = (inside.width - nameWidth - shareWidth) / (hasSamples ? 2 : 1)
    let series = [("of means", spectrum.means)] + (hasSamples ? [("of samples", spectrum.samples)] : [])
    for (place, (heading, values)) in series.enumerated() {
      let column = inside.column + nameWidth + place * width
      frame.write(heading, column: column, row: inside.row, Style(theme.curve(place), .bold))
      for (offset, index) in rows.shown.enumerated() {
        drawBar(
          values[index], greatest: values.max() ?? 0, column: column, row: inside.row + 1 + offset, width: width - 1,
          bar: Style(theme.curve(place)), text: theme.text)
      }
    }
    if shareWidth > 0 {
      frame.write("in all", column: inside.endColumn - 6, row: inside.row, theme.faint)
    }
    for (offset, index) in rows.shown.enumerated() {
      let row = inside.row + 1 + offset
      frame.write("pc\(index + 1)", column: inside.column + 1, row: row, theme.text)
      guard shareWidth > 0 else { continue }
      let share = "\(Numbers.fixed(100 * spectrum.share(ofFirst: index + 1), 0)) %"
      frame.write(share, column: inside.endColumn - share.count, row: row, theme.faint)
    }
    restOnList(.spectrum)
  }
}
