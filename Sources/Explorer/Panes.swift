/// What fills the main part of the window; the digit and the sliders stay beside it.
enum Screen: String, Sendable, Hashable, CaseIterable, Codable {
  /// The scatter of codes, with the traversal of one dimension below.
  case explore
  /// The manifold: decoded images over a grid in the plane of the two axes.
  case grid
  /// Traversals of every dimension.
  case matrix
  /// The terms of a training run, and its controls.
  case train
}

/// A part of the window.
enum Pane: String, Sendable, Hashable, CaseIterable, Codable {
  case digit, sliders, look, chart, scatter, strip, grid, matrix, training

  /// Whether keys can be directed to it.
  var isFocusable: Bool {
    switch self {
    case .digit, .look, .chart: false
    case .sliders, .scatter, .strip, .grid, .matrix, .training: true
    }
  }
}

/// An axis of the scatter.
enum Axis: Sendable, Hashable, Codable {
  /// A latent dimension, from 0.
  case dimension(Int)
  /// A principal component of the stored codes, from 0.
  case component(Int)

  /// `z1` or `pc1`: people count from one.
  var name: String {
    switch self {
    case .dimension(let index): "z\(index + 1)"
    case .component(let index): "pc\(index + 1)"
    }
  }

  /// The axis of that name, or nil.
  init?(_ name: some StringProtocol) {
    let name = name.lowercased()
    if name.hasPrefix("pc"), let number = Int(name.dropFirst(2)), number >= 1 {
      self = .component(number - 1)
    } else if name.hasPrefix("z"), let number = Int(name.dropFirst()), number >= 1 {
      self = .dimension(number - 1)
    } else {
      return nil
    }
  }
}

/// A line for the person, at the foot of the window until the next key.
struct Message: Sendable, Hashable {
  var text: String
  var isError: Bool

  static func note(_ text: String) -> Message { Message(text: text, isError: false) }
  static func error(_ text: String) -> Message { Message(text: text, isError: true) }
}
