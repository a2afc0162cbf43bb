import LatentModels

extension Effects {
  /// Encodes a drawing with the weights of now, as an image of a data set is: a model that is told of a property of its
  /// images infers it of this one. One picture takes no longer than decoding one does, which is done for every frame; so it
  /// is answered at once, and the frame that shows a stroke shows its code.
  func encode(_ drawing: DrawnImage, generation: Int) -> [Action] {
    guard let model else { return [] }
    do {
      let posterior = try model.encode(try drawing.images())
      let encoding = DrawnImage.Encoding(
        mean: Array(posterior.mean.row(0)), deviations: posterior.logVariance.row(0).map { Exponential.of($0 / 2) },
        generation: generation)
      guard encoding.mean.allSatisfy(\.isFinite) else {
        return [.say(.error("the drawing has no code: what the encoder says of it is no number"))]
      }
      return [
        .perform {
          $0.take(encoding, of: drawing)
          return []
        }
      ]
    } catch {
      return [.say(.error("the drawing cannot be encoded: \(error)"))]
    }
  }
}
