extension State {
  /// The range the strip walks: ±3 deviations of the prior, or the track's own.
  var stripRange: ClosedRange<Float> {
    if selection == .track, let track = steering.track { return track.range }
    return -3...3
  }

  /// The parameter of the selected slider, as it is now.
  var selectedValue: Float {
    switch selection {
    case .track: steering.track?.position ?? 0
    case .dimension(let index): code.indices.contains(index) ? code[index] : 0
    }
  }

  /// What the selected slider is called.
  var selectionName: String { name(of: selection) }

  /// What a slider is called: `z1`, or the way it walks.
  func name(of selection: Selection) -> String {
    switch selection {
    case .dimension(let index): "z\(index + 1)"
    case .track: steering.track?.name ?? ""
    }
  }

  /// The current code with the selected parameter at `value`.
  func code(withSelectionAt value: Float) -> [Float] {
    switch selection {
    case .track: return steering.track?.code(at: value, from: code) ?? code
    case .dimension(let index):
      guard code.indices.contains(index) else { return code }
      var code = code
      code[index] = value
      return code
    }
  }
}
