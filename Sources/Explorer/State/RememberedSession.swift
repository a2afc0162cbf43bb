/// Where a person was, from `session.json`.
struct RememberedSession: Codable, Sendable, Hashable {
  /// The model's path, or a bundled name.
  var model: String
  var code: [Float]
  var locked: [Int]
  var marks: [String: [Float]]
  var screen: Screen
  var x: Axis
  var y: Axis
  var hiddenClasses: [Int32]
}
