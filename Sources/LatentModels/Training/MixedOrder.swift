import Tensors

/// The order of the images of an epoch where some have a known class: every step takes labelled and unlabelled images in
/// a stated proportion, the labelled first.
///
/// An epoch passes over all unlabelled images once. Where that would be half a pass over all images or less, it has as many
/// steps as that: a handful of images without a label does not shorten it. The images of a kind that is too few are
/// repeated: one pass over them follows another, across epochs, so that at any step their numbers of uses differ by one at
/// most. Where all images are labelled, or none is, an epoch passes over all of them once. Of steps that are to be whole,
/// the one that would have fewer images is left out, other images in every epoch. All is a function of seed and epoch alone.
public struct MixedOrder: Sendable {
  /// The rows of one step.
  public struct Step: Sendable, Hashable {
    /// The images of this step, by their place in the set: the labelled ones, then the others.
    public let rows: [Int32]
    /// How many of them, from the first, are labelled.
    public let labelled: Int

    init(rows: [Int32], labelled: Int) {
      self.rows = rows
      self.labelled = labelled
    }
  }

  /// Images a step; the last step of an epoch may have fewer, then fewer unlabelled ones, unless steps are whole.
  public let batch: Int
  /// Labelled images a step.
  public let labelledPerStep: Int
  /// Images a step of each kind that there is: the labelled, then the others.
  var parts: [Int] { [labelledPerStep, batch - labelledPerStep].filter { $0 > 0 } }
  /// Steps of an epoch.
  public let stepsPerEpoch: Int
  /// Whether an epoch has more steps than one pass over the unlabelled images: they are too few.
  private let repeatsUnlabelled: Bool
  private let labelled: [Int32]
  private let unlabelled: [Int32]
  private let random: CounterRandom

  /// An order of the images that `labels` belong to, −1 where the class is not known.
  ///
  /// - Parameters:
  ///   - share: the part of each step that is labelled, in 0…1, rounded to whole images; at least one image of each kind
  ///     that there is, where a step has room for both. Nil: the part of the images that is labelled.
  ///   - batch: images a step.
  ///   - areWhole: whether every step has as many images, as terms need that couple them.
  /// - Throws: `TrainingError` where there is no image, `ConfigurationError` where a share or a batch is none.
  public init(labels: [Int32], share: Double? = nil, batch: Int, areWhole: Bool = false, seed: UInt64) throws {
    let (labelled, unlabelled) = labels.indices.reduce(into: ([Int32](), [Int32]())) { parts, index in
      if labels[index] >= 0 { parts.0.append(Int32(index)) } else { parts.1.append(Int32(index)) }
    }
    guard !labels.isEmpty else { throw TrainingError.noImages }
    guard batch > 0 else {
      throw ConfigurationError.outOfRange(setting: "training.batch", value: "\(batch)", allowed: "1 or more")
    }
    if let share, !(0...1).contains(share) {
      throw ConfigurationError.outOfRange(setting: "labelled share of a step", value: "\(share)", allowed: "0 to 1")
    }
    let batch = min(batch, labels.count)
    let share = share ?? Double(labelled.count) / Double(labels.count)
    if unlabelled.isEmpty {
      labelledPerStep = batch
    } else if labelled.isEmpty || share == 0 {
      labelledPerStep = 0
    } else {
      labelledPerStep = Self.labelled(share, of: batch)
    }
    self.batch = batch
    self.labelled = labelled
    self.unlabelled = unlabelled
    func steps(_ images: Int, each: Int) -> Int { areWhole ? images / each : (images + each - 1) / each }
    let everyImage = steps(labels.count, each: batch)
    let everyUnlabelled = unlabelled.isEmpty ? 0 : steps(unlabelled.count, each: batch - labelledPerStep)
    // A proportion of none passes over the unlabelled images alone.
    repeatsUnlabelled = labelledPerStep > 0 && !unlabelled.isEmpty && 2 * everyUnlabelled <= everyImage
    stepsPerEpoch = unlabelled.isEmpty || repeatsUnlabelled ? everyImage : max(1, everyUnlabelled)
    random = CounterRandom(seed: seed, stream: Self.stream)
  }

  /// How many images of a step are labelled where there are both kinds and a share of them is to be.
  ///
  /// - Parameter share: in 0…1, and more than 0.
  public static func labelled(_ share: Double, of batch: Int) -> Int {
    // A step of one image cannot hold both: it passes over the unlabelled ones.
    max(0, min(max(Int((share * Double(batch)).rounded()), 1), batch - 1))
  }

  /// Keeps these numbers apart from all others of the same seed.
  private static let stream: UInt64 = 0x6d69_7865_64

  /// The steps of an epoch, counted from 0.
  public func steps(epoch: Int) -> [Step] {
    if unlabelled.isEmpty {
      let order = shuffled(labelled, .labelled, pass: epoch)
      return pieces(order, each: batch).prefix(stepsPerEpoch).map { Step(rows: Array($0), labelled: $0.count) }
    }
    var (known, others) = (Passes(of: labelled, .labelled), Passes(of: unlabelled, .unlabelled))
    let each = batch - labelledPerStep
    let once = repeatsUnlabelled ? [] : pieces(shuffled(unlabelled, .unlabelled, pass: epoch), each: each)
    return (0..<stepsPerEpoch).map { index in
      let place = epoch * stepsPerEpoch + index
      let rows = known.rows(labelledPerStep, from: place * labelledPerStep, self)
      let rest = repeatsUnlabelled ? others.rows(each, from: place * each, self) : Array(once[index])
      return Step(rows: rows + rest, labelled: rows.count)
    }
  }

  /// One pass over the images of a kind after another.
  private struct Passes {
    private let images: [Int32]
    private let kind: Kind
    private var number = -1
    private var order: [Int32] = []

    init(of images: [Int32], _ kind: Kind) { (self.images, self.kind) = (images, kind) }

    /// The next `count` images from place `start` of all passes.
    mutating func rows(_ count: Int, from start: Int, _ order: MixedOrder) -> [Int32] {
      (start..<start + count).map { place in
        let (pass, offset) = place.quotientAndRemainder(dividingBy: images.count)
        if number != pass { (number, self.order) = (pass, order.shuffled(images, kind, pass: pass)) }
        return self.order[offset]
      }
    }
  }

  private func pieces(_ rows: [Int32], each: Int) -> [ArraySlice<Int32>] {
    stride(from: 0, to: rows.count, by: each).map { rows[$0..<min($0 + each, rows.count)] }
  }

  private enum Kind: UInt64 { case labelled, unlabelled }

  /// The order of one pass over the images of one kind.
  private func shuffled(_ rows: [Int32], _ kind: Kind, pass: Int) -> [Int32] {
    random.stream(kind.rawValue).stream(UInt64(pass)).permutation(of: rows.count).map { rows[Int($0)] }
  }
}
