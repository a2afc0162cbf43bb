import Analysis
import Canvas

/// What can be said about the current code beside its picture.
struct LookFacts {
  /// How the code came about.
  let origin: String
  /// The nearest stored code: its class, number and distance.
  var nearest: String? { nearestForms.first }
  /// The same in shorter and shorter forms: the distance stays when words are left out.
  let nearestForms: [String]
  let neighbours: [Neighbour]
  /// How crowded latent space is here.
  var region: String? { regionForms.first }
  /// The same in shorter and shorter forms.
  let regionForms: [String]
  let isEmpty: Bool

  init(_ state: State) {
    let cloud = state.cloud
    func named(_ index: Int, apart space: String = "  ") -> String {
      (cloud?.label(index).map { state.words(ofClass: $0) + space } ?? "") + "#\(index)"
    }
    let held = state.heldWords
    switch state.steering.origin {
    case .steered: origin = "steered"
    case .prior: origin = "drawn from the prior\(held)"
    case .classSample(let drawn): origin = "drawn from class \(drawn.spoken)\(held)"
    case .stored(let number, let collection):
      guard let index = state.sourceIndex else {
        // Its codes are no longer those shown: of what class it is, only they would tell.
        origin = "taken from \(collection.name) #\(number)\(held)"
        break
      }
      // While a run is training its codes move on, and this one stays; so do dimensions that are locked.
      let isStill = cloud.map { $0.code(index) == state.code } ?? false
      let mistake = state.mistakeText(index).map { "  \($0)" } ?? ""
      origin = (isStill ? "code of " : "taken from ") + named(index) + held + mistake
    case .drawn:
      let isStill = state.drawnSource?.encoding?.mean == state.code
      origin = (isStill ? "code of the drawing" : "taken from the drawing") + held
    case .mean(let known): origin = "mean of class \(known.spoken)\(held)"
    case .mark(let letter): origin = "mark \(letter)\(held)"
    case .arithmetic(let a, let b, let c): origin = "\(a) − \(b) + \(c)\(held)"
    }
    guard let region = cloud?.density?.region(around: state.code) else {
      neighbours = []
      nearestForms = []
      regionForms = []
      isEmpty = false
      return
    }
    neighbours = region.neighbours
    nearestForms =
      region.neighbours.first.map {
        let (name, number) = (named($0.index, apart: " "), "#\($0.index)")
        let distance = "d \(Numbers.fixed($0.distance, 2))"
        return [
          "nearest \(named($0.index))  \(distance)", "near \(name) \(distance)", "\(name) \(distance)",
          "\(number) \(distance)", distance,
        ]
      } ?? []
    isEmpty = region.isEmpty
    let share = "\(Numbers.fixed(region.percentile * 100, 0)) %"
    regionForms =
      region.isEmpty
      ? ["empty: no digit lives here", "empty: no digit here", "empty: no digit", "empty"]
      : ["denser than \(share) of codes", "denser than \(share)", share]
  }
}
