import Canvas
import LatentModels

/// Turning the image at hand by the group that a model's codes follow: the code is permuted, so that sliders and crosshair
/// are seen to move, and the picture it decodes to stands beside the turned original.
extension State {
  /// How a group acts on the images and codes of this model; nil where it follows none.
  var groupStructure: GroupStructure? { (try? subject.configuration?.groupStructure()) ?? nil }

  /// Takes the code, as it is turned by now, so many elements of the group further.
  mutating func turn(by count: Int) {
    guard let structure = groupStructure, structure.codePermutations.first?.count == latentSize else {
      message = .error(
        "the codes of this model follow no group: zscope train RUN --group C4 --latent 10 trains one that does")
      return
    }
    let action = structure.action
    let now = action.elements.indices.contains(steering.element) ? steering.element : 0
    let next = ((now + count) % action.order + action.order) % action.order
    let turned = structure.apply(next, toCode: structure.apply(action.inverses[now], toCode: code))
    // A part of a turn is none.
    guard !refusesAsLocked(), !refusesLocked(turned) else { return }
    change {
      $0.code = turned
      $0.element = next
    }
    if sourceCode != nil { options.insert(.look) }
    message = .note("code and image: \(action.elements[next])" + (next == 0 ? " (as they were)" : ""))
  }

  /// An image as the group has turned it by now.
  func turned(_ image: GreyImage) -> GreyImage {
    guard let structure = groupStructure, structure.action.elements.indices.contains(steering.element),
      structure.action.height == image.height, structure.action.width == image.width
    else { return image }
    return GreyImage(
      width: image.width, height: image.height,
      values: structure.apply(steering.element, toImage: image.values))
  }
}
