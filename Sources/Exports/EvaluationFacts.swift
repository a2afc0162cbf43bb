import Canvas
import LatentModels

/// One number of an evaluation with its name and what it is, as `evaluate` prints it and a report holds it.
public struct EvaluationFact: Sendable {
  /// What a number counts in, with its standard error where one is known.
  public enum Number: Sendable {
    /// Nats an image.
    case nats(Double, error: Double?)
    /// A part of a whole, in 0…1.
    case share(Double, error: Double?)
  }

  /// The heading, as `ELBO`.
  public let name: String
  /// The number.
  public let number: Number
  /// What it is; empty where its name says all.
  public let what: String
}

extension Evaluation {
  /// The bounds with their terms, those that the model has.
  public func bounds(of variables: [LatentVariable]) -> [EvaluationFact] {
    var facts: [EvaluationFact] = []
    func add(_ name: String, _ value: Double?, _ error: Double?, _ what: String) {
      if let value { facts.append(EvaluationFact(name: name, number: .nats(value, error: error), what: what)) }
    }
    add("ELBO", elbo, standardErrors.elbo, "at β = 1")
    add(
      "reconstruction", reconstruction, standardErrors.reconstruction,
      "−log p(x|z), \(samples.map(codes) ?? "z the mean")")
    let isOfOne = variables.count == 1 && klOfClasses == nil && klBeneath == nil
    add("KL", kl, standardErrors.kl, isOfOne ? "KL(q(z|x) ‖ p(z))" : "of all variables together")
    add(
      "L_\(importanceSamples ?? 0)", importanceWeighted, standardErrors.importanceWeighted,
      "importance-weighted bound on log p(x)" + (isOfEveryClass == true ? ", \(codes(importanceSamples ?? 0))" : ""))
    return facts
  }

  /// So many codes, and what they are counted of.
  private func codes(_ count: Int) -> String {
    NumberText.counted(count, "code", unicode: false) + (isOfEveryClass == true ? " of every class" : " an image")
  }

  /// How well the model tells classes, where it has a classifier.
  public var accuracies: [EvaluationFact] {
    let weights = "by the weights of \(codes(importanceSamples ?? 0))"
    return [("class", classifier, "by the classifier"), ("weighted class", weightedClassifier, weights)].compactMap {
      name, accuracy, how in
      accuracy.map {
        EvaluationFact(
          name: name, number: .share($0.accuracy, error: $0.standardError),
          what: "of \(NumberText.counted($0.images, "label", unicode: false)), \(how)")
      }
    }
  }

  /// That images of classes that the model does not have are counted by none of `accuracies`; nil where there are none.
  public var noteOnOtherClasses: String? {
    imagesOfOtherClasses.map { count in
      let images = NumberText.counted(count, "image", unicode: false)
      return classifier == nil
        ? "no accuracy: \(images), all whose class is known, \(count == 1 ? "is" : "are") of no class that the model has"
        : "left out: \(images) of no class that the model has"
    }
  }

  /// The parts of `kl` that no dimension of the code has: of the classes, and of the codes beneath.
  public var otherDivergences: [EvaluationFact] {
    [
      (klOfClasses, klOfClassesStandardErrors, "of the class, in all"),
      (klBeneath, klBeneathStandardErrors, "of the codes beneath, in all"),
    ].flatMap { values, errors, what in
      (values ?? [:]).sorted { $0.key < $1.key }.map { name, value in
        EvaluationFact(name: name, number: .nats(value, error: errors?[name]), what: what)
      }
    }
  }
}

extension LatentModel {
  /// What its bounds are not: those of grey images are no log-densities. Nil where they are what they say.
  public var remarkOnBounds: String? {
    configuration.training.treatment == .grey ? configuration.model.likelihood.row.remarkOnGrey : nil
  }
}
