import LatentModels

/// The small form that `T` opens: what a training run needs, with defaults filled in.
struct TrainingForm: Sendable, Hashable {
  /// One line of the form.
  enum Field: String, Sendable, Hashable, CaseIterable {
    case data = "data set"
    case hidden = "hidden sizes"
    case latent = "latent size"
    case beta = "β"
    case rate = "rate"
    case epochs = "epochs"
    case run = "run folder"
  }

  var fields: [Field: TextField]
  var focus: Field = .data
  /// What is wrong with the field that `Enter` stumbled on.
  var problem: String?
  /// The names ←→ choose among.
  var dataNames = Surroundings().dataNames
  /// Those of them that must be fetched first.
  var absentData: Set<String> = []
  /// The runs there are, whose folders are taken.
  var takenRuns: Set<String> = []

  /// A form with its defaults.
  init(data: String) {
    fields = [
      .data: TextField(data), .hidden: TextField("256,64"), .latent: TextField("2"), .beta: TextField("1"),
      .rate: TextField("0.001"), .epochs: TextField("30"), .run: TextField(""),
    ]
  }

  /// A form that proposes what a configuration says.
  init(_ configuration: Configuration) {
    self.init(data: configuration.training.dataTitle)
    fields[.hidden] = TextField(configuration.model.hidden.map(String.init).joined(separator: ","))
    fields[.latent] = TextField(String(configuration.model.latent))
    fields[.beta] = TextField(Numbers.brief(configuration.initialControls["beta"] ?? 1))
    fields[.rate] = TextField(Numbers.brief(Double(configuration.training.rate)))
    fields[.epochs] = TextField(String(configuration.training.epochs))
  }

  /// What belongs into the field that is being filled in.
  var help: String {
    switch focus {
    case .data:
      absentData.contains(text(.data))
        ? "not on this machine yet; fetch it with: zscope data get \(text(.data))"
        : dataNames.joined(separator: ", ") + " or a path; ←→ choose"
    case .hidden: "sizes of the encoder's layers, such as 256,64"
    case .latent: "2 shows all of latent space; up to 1024"
    case .beta: "weight of the KL term; 1 is the ELBO"
    case .rate: "Adam's step, such as 0.001"
    case .epochs: "passes over the training images"
    case .run: "where it is saved, as its log, its checkpoints and its settings; empty: \(freshRun)"
    }
  }

  /// Moves to another line.
  mutating func move(by change: Int) {
    let all = Field.allCases
    guard let place = all.firstIndex(of: focus) else { return }
    focus = all[((place + change) % all.count + all.count) % all.count]
  }

  /// Turns to the next data set, or doubles and halves a number.
  mutating func choose(by change: Int) {
    switch focus {
    case .data:
      let current = dataNames.firstIndex(of: text(.data))
      let next = current.map { ($0 + change + dataNames.count) % dataNames.count } ?? 0
      fields[.data] = TextField(dataNames[next])
    case .latent, .epochs:
      if let number = Int(text(focus)) { fields[focus] = TextField(String(max(1, number + change))) }
    case .beta, .rate:
      if let number = Numbers.parse(text(focus)), number > 0 {
        fields[focus] = TextField(Numbers.brief(change > 0 ? number * 2 : number / 2))
      }
    case .hidden, .run: break
    }
  }

  /// The folder that a run gets where none is named: after its data and its latent size, one that is free.
  var freshRun: String {
    let data = text(.data).split(separator: "/").last.map(String.init) ?? "run"
    let name = data.filter { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" }
    let base = "runs/\(name.isEmpty ? "run" : name)-\(text(.latent).isEmpty ? "2" : text(.latent))d"
    var path = base
    var number = 2
    while takenRuns.contains(path) {
      path = "\(base)-\(number)"
      number += 1
    }
    return path
  }

  /// The folder that was named, or nil for a fresh one.
  var runPath: String? { text(.run).isEmpty ? nil : text(.run) }

  func text(_ field: Field) -> String { fields[field]?.text ?? "" }

  /// What is wrong with one field.
  struct Problem: Error {
    var field: Field
    var text: String
  }

  /// The configuration the form describes.
  func configuration(seed: UInt64 = 1) throws(Problem) -> Configuration {
    let data = text(.data)
    guard !data.isEmpty else { throw Problem(field: .data, text: "name a data set, such as strokes") }
    let parts = text(.hidden).split { $0 == "," || $0 == " " }
    var hidden: [Int] = []
    for part in parts {
      guard let size = Int(part), (1...8192).contains(size), hidden.count < 8 else {
        throw Problem(field: .hidden, text: "up to 8 sizes from 1 to 8192, such as 256,64")
      }
      hidden.append(size)
    }
    let latent = try whole(.latent, 1...1024)
    let epochs = try whole(.epochs, 1...100_000)
    let beta = try number(.beta, 0...1000)
    let rate = try number(.rate, 1e-7...1)
    return Configuration(
      model: ModelConfiguration(hidden: hidden, latent: latent), objective: ObjectiveConfiguration(beta: Double(beta)),
      training: TrainingConfiguration(data: data, epochs: epochs, rate: rate, seed: seed))
  }

  private func whole(_ field: Field, _ range: ClosedRange<Int>) throws(Problem) -> Int {
    guard let value = Int(text(field)), range.contains(value) else {
      throw Problem(field: field, text: "a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return value
  }

  private func number(_ field: Field, _ range: ClosedRange<Double>) throws(Problem) -> Float {
    guard let value = Numbers.parse(text(field)), range.contains(value) else {
      throw Problem(
        field: field,
        text: "a number from \(Numbers.brief(range.lowerBound)) to \(Numbers.brief(range.upperBound))")
    }
    return Float(value)
  }
}
