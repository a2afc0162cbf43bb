import Canvas

/// What a person prefers, from `settings.json`.
struct Settings: Codable, Sendable, Hashable {
  /// What the scatter and the panes show.
  var options: [ViewOption]
  /// Steps of an animation a second.
  var speed: Int
  /// Whether sliders are ordered by KL.
  var ordersByDivergence: Bool
  /// Whether the mouse is reported from the start.
  var mouse: Bool
  /// The theme; nil in files of before there were themes.
  var theme: ThemeChoice?
  /// Data sets chosen beside models, by the models' places.
  var data: [String: String]?
}
