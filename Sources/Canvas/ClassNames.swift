/// What classes are called where there is little room.
public enum ClassNames {
  /// Names as they fit a width and are drawn: cut short where all of them still differ and tell something, else the numbers,
  /// and where one of these would be cut, the digits and letters by which the scatter marks classes, as far as all of them
  /// differ.
  ///
  /// - Parameters:
  ///   - labels: the numbers of the classes, one a name.
  ///   - unicode: whether the terminal shows more than ASCII.
  public static func fitting(_ names: [String], labels: [Int], to width: Int, unicode: Bool = true) -> [String] {
    fitting(names, labels: labels, to: width) { unicode ? GlyphWidth.drawn($0) : $0.inASCII }
  }

  /// The same where what is seen of a name is what `drawn` makes of it.
  public static func fitting(
    _ names: [String], labels: [Int], to width: Int, drawn draw: (String) -> String
  ) -> [String] {
    let drawn = names.map(draw)
    let short = drawn.map { shortened($0, to: width) }
    // One letter of a name tells nothing, and neither does one of which no letter can be drawn.
    let tells = width >= 3 || short == drawn
    let areSeen = zip(names, drawn).allSatisfy { isSeen($0, as: $1) }
    guard tells, areSeen, Set(short).count == Set(names).count else {
      let numbers = labels.map(String.init)
      let marks = labels.map { String(ClassPalette.mark(of: $0)) }
      let areMarksClear = width > 0 && Set(marks).count == labels.count
      guard areMarksClear, numbers.contains(where: { $0.count > width }) else {
        return numbers.map { shortened($0, to: width) }
      }
      return marks
    }
    return short
  }

  /// Whether anything of a name is seen in a frame.
  public static func isSeen(_ name: String) -> Bool { isSeen(name, as: GlyphWidth.drawn(name)) }

  private static func isSeen(_ name: String, as drawn: String) -> Bool {
    drawn.contains { !$0.isWhitespace && ($0 != "?" || name == drawn) }
  }
}
