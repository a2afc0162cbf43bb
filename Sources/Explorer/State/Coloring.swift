/// What the colours of the scatter tell.
enum Coloring: String, Sendable, Hashable, CaseIterable {
  /// The true class.
  case classes
  /// The class a classifier takes each code for; what it is wrong about is told apart.
  case predictions
  /// How sure the classifier is; what it is wrong about is told apart.
  case confidence
  /// Only what the classifier is wrong about, by the true class.
  case mistakes

  /// Whether a classifier is needed.
  var needsClassification: Bool { self != .classes }

  /// What the title of the scatter says of it.
  var title: String? {
    switch self {
    case .classes: nil
    case .predictions: "by predicted class"
    case .confidence: "by confidence"
    case .mistakes: "mistakes alone"
    }
  }
}

/// What a probe says of codes whose model has no variable for the class.
struct ProbeResult: Sendable {
  /// The codes, by `CodeCloud.codesID`.
  var of: Int
  /// Nil while it is being fitted.
  var classification: Classification?
  /// Which way to the mistake that is to be visited once it is there.
  var visits: Int?
}

extension State {
  /// What is known of the classes of the codes at hand: by the model itself, else by a probe.
  var classification: Classification? {
    if let own = cloud?.classification { return own }
    guard let probe, probe.of == cloud?.codesID else { return nil }
    return probe.classification
  }

  /// Whether a probe is being fitted to the codes at hand.
  var isProbing: Bool { probe.map { $0.of == cloud?.codesID && $0.classification == nil } ?? false }
}
