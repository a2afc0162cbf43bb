extension State {
  /// The range the strip walks: ±3 deviations of the prior, or the track's own.
  var stripRange: ClosedRange<Float> {
    switch selection {
    case .track: return steering.track?.range ?? 0...1
    case .choice(let index): return choice(index).map { 0...Float(max(1, $0.range.count - 1)) } ?? 0...1
    case .dimension: return -3...3
    }
  }

  /// The parameter of the selected slider, as it is now.
  var selectedValue: Float {
    switch selection {
    case .track: trackFromHere?.position ?? 0
    case .choice(let index): choice(index)?.position(in: code) ?? 0
    case .dimension(let index): code.indices.contains(index) ? code[index] : 0
    }
  }

  /// One of the model's choices among classes.
  func choice(_ index: Int) -> CodeColumns.Choice? {
    let choices = subject.columns.choices
    return choices.indices.contains(index) ? choices[index] : nil
  }

  /// The choice among classes that is selected; nil where numbers are.
  var selectedChoice: CodeColumns.Choice? {
    guard case .choice(let index) = selection else { return nil }
    return choice(index)
  }

  /// The columns of the code that the selected slider moves.
  var selectedColumns: [Int] { columns(of: selection) }

  /// The columns of the code that a slider moves; of a way none of its own.
  func columns(of selection: Selection) -> [Int] {
    switch selection {
    case .track: []
    case .choice(let index): choice(index).map { Array($0.range) } ?? []
    case .dimension(let index): [index]
    }
  }

  /// Whether the selected slider is locked.
  var isSelectionLocked: Bool {
    let columns = selectedColumns
    return !columns.isEmpty && columns.allSatisfy(steering.locked.contains)
  }

  /// What the selected slider is called.
  var selectionName: String { name(of: selection) }

  /// The same in words, where an arrow would be read as the key: `a to b`.
  var selectionWords: String { selectionName.replacing("→", with: " to ") }

  /// What a slider is called: `z1`, or the way it walks.
  func name(of selection: Selection) -> String {
    switch selection {
    case .dimension(let index): subject.columns.name(ofColumn: index)
    case .choice(let index): choice(index)?.name ?? "y"
    case .track: steering.track?.name ?? ""
    }
  }

  /// The current code with the selected parameter at `value`.
  func code(withSelectionAt value: Float) -> [Float] {
    switch selection {
    case .track: return held(trackFromHere?.code(at: value, from: code) ?? code)
    case .choice(let index): return choice(index)?.code(code, at: value) ?? code
    case .dimension(let index):
      guard code.indices.contains(index) else { return code }
      var code = code
      code[index] = value
      return code
    }
  }

  /// Whether the code is where the track's slider stands: whatever else has steered has left the way. What is locked does
  /// not count, since it holds against the way. False where there is no track.
  var isOnTrack: Bool {
    guard let track = steering.track else { return false }
    let expected = held(track.code(at: track.position, from: code))
    guard expected.count == code.count else { return false }
    return code.indices.allSatisfy { abs(expected[$0] - code[$0]) <= 1e-3 * max(1, abs(code[$0])) }
  }

  /// The track as it goes on from the present code. An interpolation or a blend leads back to itself; a direction begins
  /// anew where the code has been taken meanwhile.
  var trackFromHere: Track? {
    guard var track = steering.track, case .direction = track.kind, !isOnTrack else { return steering.track }
    (track.origin, track.position) = (code, 0)
    return track
  }
}
