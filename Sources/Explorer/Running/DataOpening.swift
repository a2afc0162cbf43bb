import Canvas
import Datasets
import LatentModels

/// Data sets that are opened, encoded beside the loop, and taken in.
extension Effects {
  /// How many images of a data set are encoded for the scatter at most.
  private static let encodedCount = 10_000

  func openData(_ name: String, isAsked: Bool) -> [Action] {
    reading += 1
    if let model = Self.modelFound(at: name, named: name) {
      return [.finishedReading(isThere: false), .say(.error(model))]
    }
    let configuration = model?.configuration
    // Where nothing was said, what a run was told about its own files holds.
    let (said, trained) = (dataReading.isPlain ? nil : dataReading, configuration?.model)
    let training = configuration?.training ?? TrainingConfiguration(data: name)
    let drawsPixels = training.treatment == .sampled
    encodeBeside(isAsked: isAsked) {
      let opened = try DataLibrary.open(
        name, part: .test, asFor: training, reading: said, expecting: trained?.imageShape)
      let all = trained.map { opened.numberingClasses(for: $0) } ?? opened
      // What was decided about the pixels stands before what keys do with it.
      let decided = all.notes.first.map { ": \($0)" } ?? (drawsPixels ? ": every pixel drawn once" : nil)
      guard all.count > Self.encodedCount else {
        guard all.count > 0 else { throw DatasetError(.mismatch, name, "holds no images", remedy: "give some") }
        let codes = all.count == 1 ? "code" : "codes"
        return (all, "\(Numbers.grouped(all.count)) \(codes) of \(name)\(decided ?? ": b shows originals")")
      }
      return (
        all.subset(0..<Self.encodedCount),
        "the first \(Numbers.grouped(Self.encodedCount)) of \(Numbers.grouped(all.count)) images of \(name)\(decided ?? "")"
      )
    }
    return []
  }

  /// Encodes images beside the loop, with the weights of now, as the model sees them: what is shown and compared with
  /// reconstructions is what was encoded.
  func encodeBeside(
    isAsked: Bool = true, _ images: @escaping @Sendable () throws -> (ImageSet, note: String?)
  ) {
    guard let model else { return }
    let (mailbox, generation, reading, id) = (mailbox, generation, reading, nextCloud())
    beside {
      do {
        let (given, note) = try images()
        let images = try model.seen(given)
        let cloud = try CodeCloud(of: images, by: model, id: id)
        mailbox.post(
          .data(
            DataReading(
              images: images, cloud: cloud, note: note, isAsked: isAsked, generation: generation, reading: reading)))
      } catch {
        mailbox.post(.dataFailed(reading: reading, problem: "\(error)", isAsked: isAsked))
      }
    }
  }
}
