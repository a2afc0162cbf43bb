import Canvas
import Datasets
import LatentModels
import Tensors

/// The model that the explored one is compared with, as effects hold it.
final class SecondModel {
  fileprivate(set) var model: LatentModel?
  /// Changes with the model: its pictures are made anew.
  fileprivate var generation = 0
  /// Which opening is still wanted.
  fileprivate var opening = 0

  /// What was opened to be compared with.
  struct Opened: Sendable {
    var model: LatentModel
    var name: String
    var path: String?
    var record: MetricsRecord?
  }

  /// Opens it, on any thread.
  typealias Reading = @Sendable () throws -> Opened
}

extension Effects {
  /// Opens a model beside the loop; nil: the snapshot of the run before the one that is shown.
  func compare(with name: String?) -> [Action] {
    second.opening += 1
    let (opening, mailbox) = (second.opening, mailbox)
    guard let read = name.map({ Self.reading($0) }) ?? readingBefore else {
      let problem = "\(SnapshotError.noneBefore(subject.name))"
      return [.perform { $0.failComparing(problem) }]
    }
    beside { mailbox.post(Effects.letter(from: read, of: name, opening: opening)) }
    return []
  }

  /// What comes of opening a model.
  private static func letter(from read: SecondModel.Reading, of name: String?, opening: Int) -> Letter {
    do {
      let opened = try read()
      return .delivery { $0.take(opened, opening: opening) }
    } catch {
      let problem = name.map { Self.problem(error, opening: $0) } ?? "\(error)"
      return .delivery { $0.failComparing(problem, opening: opening) }
    }
  }

  /// How a model of a name is opened.
  private static func reading(_ name: String) -> SecondModel.Reading {
    {
      let opened = try ModelLibrary.open(name)
      return SecondModel.Opened(
        model: opened.model, name: displayName(opened.name), path: absolute(opened.path),
        record: opened.metrics.last(upTo: opened.model.step))
    }
  }

  /// How the snapshot before the one shown, or the one that is on its way, is opened; nil where there is none.
  private var readingBefore: SecondModel.Reading? {
    let epoch = snapshots.awaited?.epoch ?? subject.epoch
    guard let newest = snapshots.newest, let entry = snapshots.entries.last(where: { $0.epoch < epoch }),
      let reading = snapshots.reading(entry)
    else { return nil }
    return {
      let model = try reading()
      return SecondModel.Opened(
        model: model, name: newest.name, path: nil, record: newest.metrics.last(upTo: model.step))
    }
  }

  private func failComparing(_ problem: String, opening: Int) -> [Action] {
    second.opening == opening ? [.perform { $0.failComparing(problem) }] : []
  }

  private func take(_ opened: SecondModel.Opened, opening: Int) -> [Action] {
    guard second.opening == opening else { return [] }
    second.model = opened.model
    second.generation += 1
    let subject = Subject(
      opened.model, name: opened.name, path: opened.path, record: opened.record, generation: second.generation)
    return [.perform { $0.take(second: subject) }]
  }

  /// The pictures of a batch, by the model that is to make them.
  func pictures(of batch: Scene.Batch, _ model: LatentModel) throws -> [GreyImage] {
    switch batch.maker {
    case .explored: return try Self.decode(batch.codes, count: batch.count, model)
    case .compared:
      guard let other = second.model else { return [] }
      return try Self.decode(batch.codes, count: batch.count, other)
    case .reconstructed(_, let index, _):
      guard let other = second.model, let images, index < images.count else { return [] }
      return try Self.decode(other.encode(images.subset(index..<index + 1)).mean.elements, count: 1, other)
    case .reconstructedDrawing(_, let drawing):
      guard let other = second.model else { return [] }
      return try Self.decode(other.encode(drawing.images()).mean.elements, count: 1, other)
    }
  }

  /// The pictures of codes `[count, K]` under a model.
  private static func decode(_ codes: [Float], count: Int, _ model: LatentModel) throws -> [GreyImage] {
    guard count > 0 else { return [] }
    let size = model.configuration.model
    let pixels = try model.decode(Tensor(shape: [count, model.latentSize], elements: codes))
    return (0..<count).map {
      GreyImage(width: size.imageWidth, height: size.imageHeight, values: Array(pixels.row($0)))
    }
  }
}
