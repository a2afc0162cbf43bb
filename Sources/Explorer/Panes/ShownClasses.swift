import Canvas

/// By what a pane shows the classes that a digit key chooses among there. What is typed is a name before it is a number; but
/// where names have no room, numbers stand in their place, and then a key means what stands beside its digit.
extension State {
  /// The class that a pane shows by a digit and by no more than that, as a key of that pane means it. Nil where it shows none
  /// so, and of what is typed in the palette or told to a conversation in lines, where nothing is shown beside it.
  func classShown(by digit: String, in pane: Pane) -> Int? {
    guard case .none = overlay, !isPlain, let layout, layout.panes[pane] != nil else { return nil }
    let captions = captions(of: pane, layout)
    // More digits may mean another.
    guard captions.count(where: { $0.caption.hasPrefix(digit) }) == 1 else { return nil }
    return captions.first { $0.caption == digit }?.label
  }

  /// The classes that a pane shows, each with what stands first for it.
  private func captions(of pane: Pane, _ layout: Layout) -> [(label: Int, caption: String)] {
    switch pane {
    case .sliders:
      guard let choice = selectedChoice else { return [] }
      let rows = SliderRows(self, layout.inside(.sliders))
      return rows.cells(of: choice, in: code).captions.enumerated().map { ($0, $1) }
    case .sheet: return (SheetPlan(self, layout).captions(self) ?? []).enumerated().map { ($0, $1) }
    case .scatter:
      guard let rectangle = layout.panes[.scatter] else { return [] }
      var cache = ViewCache()
      let title = ScatterTitle(
        self, width: rectangle.width, isBeyond: ScatterPicture.isBeyond(self), rendition: rendition ?? Rendition(),
        &cache)
      return zip(classes(for: .foundClass), title.legend?.captions ?? []).map { (Int($0), $1) }
    default: return []
    }
  }

  /// The class of the selected choice that a digit means by itself: the one that is shown by it, else the one that it names
  /// or numbers. Nil where more digits may mean another, and of what is no digit.
  func chosenClass(by digit: Unicode.Scalar, of choice: CodeColumns.Choice) -> Int? {
    let (text, classes) = (String(digit), choice.namedClasses)
    guard choice.range.count <= 10, ClassText.digits.contains(text) else { return nil }
    if let shown = classShown(by: text, in: .sliders) { return shown }
    guard let found = classes.meant(by: text), !classes.contains(where: { $0.name != text && $0.name.hasPrefix(text) })
    else { return nil }
    return found.label
  }
}
