/// The digits of a traversal as the scale that a value is read off: evenly apart in value and, a digit's width, in place.
struct TraversalScale {
  /// What the digits stand for, ascending.
  let values: [Float]
  /// The columns of a digit.
  let cellWidth: Int
  /// The column of the first digit.
  let origin: Int

  /// Where a value stands.
  enum Spot: Hashable {
    /// Below the first digit.
    case before
    /// At a digit.
    case at(Int)
    /// Between two digits: 1.5 is halfway between the second and the third.
    case between(Float)
    /// Above the last digit.
    case beyond
  }

  /// A value written among those of the digits.
  struct Caption: Hashable {
    let text: String
    /// The column that the text begins at.
    let column: Int
    /// The column of the cursor.
    let cursor: Int

    /// Whether another text in the same row would touch this one.
    func touches(_ other: String, at begin: Int) -> Bool {
      begin < column + text.count + 1 && column < begin + other.count + 1
    }
  }

  /// Where a value stands among the digits: 0 at the first, 1.5 halfway between the second and the third; beyond the
  /// ends for what lies beyond. Nil where there is nothing to stand among.
  func place(of value: Float) -> Float? {
    guard let first = values.first, let last = values.last, last > first else { return nil }
    return (value - first) / (last - first) * Float(values.count - 1)
  }

  /// Where a value stands; nil where there are no digits.
  func spot(of value: Float) -> Spot? {
    guard let only = values.first else { return nil }
    // A single digit has no scale beside it: what is not its value lies on one of its sides.
    guard let place = place(of: value) else {
      return value < only - 0.004 ? .before : value > only + 0.004 ? .beyond : .at(0)
    }
    if place < -0.01 { return .before }
    if place > Float(values.count - 1) + 0.01 { return .beyond }
    return abs(place - place.rounded()) < 0.01 ? .at(Int(place.rounded())) : .between(place)
  }

  /// The first column of a digit.
  func column(of place: Int) -> Int { origin + place * cellWidth }

  /// The column that the middle of a digit, or a place between two, begins at.
  func middle(of place: Float) -> Float { Float(origin) + (place + 0.5) * Float(cellWidth) }

  /// A value as it stands among the digits' own: `▸+0.50◂` at its place, or at an end, pointing outwards, where it lies
  /// beyond; within `width` columns.
  func caption(_ text: String, of value: Float, width: Int) -> Caption? {
    guard let spot = spot(of: value) else { return nil }
    let place: Float
    switch spot {
    case .before:
      return Caption(
        text: "◂" + text + " beyond", column: min(origin, max(0, width - text.count - 8)), cursor: origin)
    case .beyond:
      let text = "beyond " + text + "▸"
      let column = max(0, self.column(of: values.count) - text.count)
      return Caption(text: text, column: column, cursor: min(width, column + text.count) - 1)
    case .at(let digit): place = self.place(of: value) ?? Float(digit)
    case .between(let between): place = between
    }
    let text = "▸" + text + "◂"
    let column = min(max(0, Int((middle(of: place) - Float(text.count) / 2).rounded())), max(0, width - text.count))
    return Caption(text: text, column: column, cursor: column + 1)
  }
}
