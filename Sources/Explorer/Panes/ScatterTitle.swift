import Canvas

/// What stands in the upper line of the scatter: the legend first, in the longest form there is room for, and as much of the
/// title as that leaves. By what the legend tells a class, a key tells it too.
struct ScatterTitle {
  let name: String
  /// Whether there are classes that a legend could tell.
  let hasClasses: Bool
  /// Nil where no form of it fits.
  let legend: ClassLegend.Form?

  /// - Parameters:
  ///   - width: the columns of the pane with its borders.
  ///   - isBeyond: whether the code lies outside the window, which is said in the title.
  init(_ state: State, width: Int, isBeyond: Bool, rendition: Rendition, _ cache: inout ViewCache) {
    var name = "latent space  \(state.axisNames)"
    var shortName = state.axisNames
    if let title = state.plot.coloring.title {
      let right = state.classification?.accuracy.map { ", \(Numbers.fixed($0 * 100, 1)) % right" } ?? ""
      let source = state.classification.map { $0.source == .probe ? " of a probe" : "" } ?? ": fitting a probe…"
      name = "\(state.axisNames) \(title)\(source)\(right)"
      shortName = "\(state.axisNames) \(title)"
    } else if let cloud = state.cloud {
      let shares = [state.plot.x, state.plot.y].compactMap { AxisSource.named($0.source)?.explained(cloud, $0.index) }
      if shares.count == 2 { name += "  \(Numbers.fixed((shares[0] + shares[1]) * 100, 0)) % of variance" }
    }
    hasClasses = !(state.cloud?.classes.isEmpty ?? true)
    guard hasClasses else {
      (self.name, legend) = (name, nil)
      return
    }
    let isByLevel = state.plot.coloring == .confidence && state.classification != nil
    let isMarked = state.options.contains(.classDigits)
    let all =
      isByLevel
      ? ClassLegend(levels: Classification.levelNames, asMarks: isMarked, rendition: rendition)
      : cache.legend(
        state.namedClasses(for: .foundClass), hidden: state.plot.hiddenClasses, asMarks: isMarked ? true : nil,
        marks: state.classMarks(rendition), rendition: rendition)
    let names =
      isBeyond
      ? ["\(name): code beyond the window", "\(state.axisNames): code beyond", "code beyond", "beyond"]
      : [name, shortName, state.axisNames]
    let forms = names.flatMap { name in all.forms.map { (name: name, legend: $0) } }
    let form = forms.first { $0.name.count + $0.legend.frame.width + 4 <= width - 4 }
    self.name = form?.name ?? (isBeyond ? "code beyond the window" : name)
    legend = form?.legend
  }
}
