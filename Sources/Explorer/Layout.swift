import Canvas

/// Where every pane lies in a window of a given size: a pure function, from 60×20 up.
///
/// The digit and the sliders stay at the left on every screen. Other panes fold away by priority as the window shrinks:
/// the strip first, then the chart, then the look; the main pane of the screen never does. Neighbouring panes share a
/// border.
struct Layout: Sendable, Hashable {
  /// The smallest window that can be drawn.
  static let minimum = (width: 60, height: 20)

  /// The panes shown, with their borders.
  private(set) var panes: [Pane: Rectangle] = [:]
  /// The cells of the decoded digit, inside its pane.
  private(set) var digit = Rectangle(column: 0, row: 0, width: 0, height: 0)
  let width: Int
  let height: Int

  /// What a layout depends on beside the window's size.
  struct Needs: Sendable, Hashable {
    var screen: Screen
    var imageWidth: Int
    var imageHeight: Int
    var sliderCount: Int
    /// Whether a run's terms are to be seen beside the scatter.
    var hasChart: Bool
    /// Whether a log can be charted where there is room to spare.
    var hasRecord = false
  }

  /// The layout, or nil where the window is too small.
  init?(width: Int, height: Int, needs: Needs) {
    guard width >= Self.minimum.width, height >= Self.minimum.height else { return nil }
    self.width = width
    self.height = height
    var area = Rectangle(column: 0, row: 1, width: width, height: height - 2)
    let cells = Self.digitCells(in: area, needs: needs)

    // The strip spans the window at the foot, where a digit of five rows still leaves room above.
    if needs.screen == .explore, area.height >= cells.height + 2 + 14 {
      let stripHeight = (area.height >= 50 ? 7 : 5) + 3
      let (upper, _) = area.splitTop(area.height - stripHeight + 1)
      panes[.strip] = Rectangle(
        column: 0, row: upper.endRow - 1, width: area.width, height: stripHeight)
      area = upper
    }

    var (left, main) = area.splitLeft(cells.width + 2)
    main = Self.joined(main, toLeft: 1)
    let isWide = width >= 170
    var side: Rectangle?
    if isWide {
      let sideWidth = min(60, max(40, width / 5))
      (main, side) = main.splitLeft(main.width - sideWidth + 1)
      side = side.map { Self.joined($0, toLeft: 1) }
    }

    let (digitPane, below) = left.splitTop(cells.height + 2)
    panes[.digit] = digitPane
    digit = digitPane.inset()
    left = Self.joined(below, toTop: 1)
    placeLeft(left, needs: needs, hasSide: side != nil)
    if let side { placeSide(side, needs: needs) }
    placeMain(main, needs: needs, hasSide: side != nil)
  }

  /// The size of the large digit in cells, two pixels high each.
  private static func digitCells(in area: Rectangle, needs: Needs) -> (width: Int, height: Int) {
    let imageWidth = max(1, needs.imageWidth)
    let imageHeight = max(1, needs.imageHeight)
    let roomBelow = 5
    for scale in [3, 2, 1] {
      let width = imageWidth * scale
      let height = (imageHeight * scale + 1) / 2
      let share = scale == 1 ? 0.4 : 0.29
      if Double(width + 2) <= share * Double(area.width), height + 2 + roomBelow <= area.height,
        width >= 20
      {
        return (width, height)
      }
    }
    // No whole multiple fits: the largest picture of the same proportions that does.
    let maximumHeight = area.height - 2 - roomBelow
    let maximumWidth = max(20, area.width * 4 / 10 - 3)
    let ratio = Double(imageWidth) / Double(imageHeight)
    let height = max(1, min(maximumHeight, Int(Double(maximumWidth) / (2 * ratio))))
    return (max(20, min(maximumWidth, Int((2 * ratio * Double(height)).rounded()))), height)
  }

  private mutating func placeLeft(_ left: Rectangle, needs: Needs, hasSide: Bool) {
    let wanted = needs.sliderCount + 2
    let lookHeight = 7
    guard left.height >= max(5, min(wanted, 8)) + lookHeight - 1 else {
      panes[.sliders] = left
      return
    }
    if hasSide {
      // The look stands at the side; below the sliders a small manifold fits, where the screen shows no large one.
      let slidersHeight = max(7, wanted + 2)
      guard needs.screen != .grid, left.height >= slidersHeight + 16 else {
        panes[.sliders] = left
        return
      }
      let (sliders, rest) = left.splitTop(slidersHeight)
      panes[.sliders] = sliders
      panes[.grid] = Self.joined(rest, toTop: 1)
      return
    }
    let (sliders, rest) = left.splitTop(max(5, min(wanted, left.height - lookHeight + 1)))
    panes[.sliders] = sliders
    panes[.look] = Self.joined(rest, toTop: 1)
  }

  private mutating func placeSide(_ side: Rectangle, needs: Needs) {
    guard needs.hasChart || needs.hasRecord, needs.screen != .train, side.height >= 30 else {
      panes[.look] = side
      return
    }
    let (look, chart) = side.splitTop(side.height * 3 / 5)
    panes[.look] = look
    panes[.chart] = Self.joined(chart, toTop: 1)
  }

  private mutating func placeMain(_ main: Rectangle, needs: Needs, hasSide: Bool) {
    switch needs.screen {
    case .explore:
      guard needs.hasChart, !hasSide, main.height >= 26, main.width >= 60 else {
        panes[.scatter] = main
        return
      }
      let (scatter, chart) = main.splitTop(main.height - 9)
      panes[.scatter] = scatter
      panes[.chart] = Self.joined(chart, toTop: 1)
    case .grid: panes[.grid] = main
    case .matrix: panes[.matrix] = main
    case .train:
      if main.width >= 120 {
        let (training, scatter) = main.splitLeft(main.width / 2)
        panes[.training] = training
        panes[.scatter] = Self.joined(scatter, toLeft: 1)
      } else if main.height >= 30 {
        let (training, scatter) = main.splitTop(main.height / 2)
        panes[.training] = training
        panes[.scatter] = Self.joined(scatter, toTop: 1)
      } else {
        panes[.training] = main
      }
    }
  }

  /// The inside of a pane, empty where the pane is folded away.
  func inside(_ pane: Pane) -> Rectangle {
    panes[pane]?.inset() ?? Rectangle(column: 0, row: 0, width: 0, height: 0)
  }

  /// The panes keys can be directed to, in the order Tab visits them.
  var focusable: [Pane] {
    [.sliders, .training, .scatter, .grid, .matrix, .strip].filter { panes[$0] != nil }
  }

  private static func joined(_ rectangle: Rectangle, toLeft columns: Int = 0, toTop rows: Int = 0) -> Rectangle {
    Rectangle(
      column: rectangle.column - columns, row: rectangle.row - rows, width: rectangle.width + columns,
      height: rectangle.height + rows)
  }
}

extension State {
  /// Where the panes lie now, or nil where the window is too small for them.
  var layout: Layout? {
    Layout(
      width: size.width, height: size.height,
      needs: Layout.Needs(
        screen: screen, imageWidth: subject.imageWidth, imageHeight: subject.imageHeight, sliderCount: sliders.count,
        hasChart: training.map { $0.phase != .recorded } ?? false, hasRecord: training != nil))
  }
}
