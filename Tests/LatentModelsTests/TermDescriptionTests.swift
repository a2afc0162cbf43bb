import Datasets
import Testing

@testable import LatentModels

/// What is minimised is told of a configuration, also before the data are read that tell its classes.
@Suite struct TermDescriptionTests {
  @Test(arguments: ModelKind.all.map(\.name))
  func theTermsOfEveryModelAreKnownBeforeItsDataAre(name: String) throws {
    let row = try #require(ModelKind.named(name))
    var tried = 0
    for objective in ObjectiveKind.all {
      for labels in [LabelPolicy.all, .none, .count(20)] {
        var unread = Configuration()
        unread.model.kind = row.identifier
        unread.model.latent = 10
        unread.objective = ObjectiveConfiguration(
          kind: objective.identifier, samples: objective.requirements.samples.lowerBound)
        unread.training.labels = labels
        // A form knows what the property is called before it knows its values.
        if row.usesAttribute { unread.model.attribute = SensitiveAttribute(name: "pen", valueNames: []) }
        var read = unread
        if row.usesLabels { read.model.classNames = ["a", "b", "c"] }
        if row.usesAttribute { read.model.attribute = SensitiveAttribute(name: "pen", valueNames: ["thin", "thick"]) }
        if row.usesCodes { read.model.codes = CodesConfiguration(hidden: [], latent: 3, kept: [0, 1, 2]) }
        guard (try? read.validate()) != nil else { continue }
        tried += 1
        #expect(!unread.terms.isEmpty)
        if !(row.usesAttribute && labels == .none) {
          #expect(unread.terms.map(\.name) == read.terms.map(\.name), "\(objective.name), labels \(labels)")
        }
      }
    }
    #expect(tried > 0)
  }

  @Test("Terms are in nats but for shares, counts and squared distances, whichever objective has them")
  func units() {
    func units(_ objective: String, _ names: String..., change: (inout Configuration) -> Void = { _ in }) -> [TermUnit]
    {
      var configuration = Fixture.configuration(objective: ObjectiveConfiguration(kind: objective))
      change(&configuration)
      return names.map(configuration.unit)
    }
    #expect(units("elbo", "loss", "reconstruction", "KL", "of an older run") == [.nats, .nats, .nats, .nats])
    #expect(units("infoVAE", "MMD", "KL") == [.none, .nats])
    #expect(units("dipI", "off-diagonal covariance", "diagonal covariance", "KL") == [.none, .none, .nats])
    #expect(units("factorAdversary", "adversary's accuracy", "adversary") == [.share, .nats])
    let turned = units("elbo", "equivariance", "decoder's equivariance") {
      $0.model.latent = 8
      $0.objective.settings = ["group": .text("flips"), "groupDecoder": .number(1)]
    }
    #expect(turned == [.none, .none])
    // Images that are held out are held against their class, also where no image is taught by its.
    for labels in [LabelPolicy.all, .none, .count(20)] {
      let told = units("semi-supervised-iwae", "accuracy", "weighted accuracy", "class") {
        ($0.model.kind, $0.model.classNames, $0.training.labels) = ("semiSupervised", ["a", "b", "c"], labels)
      }
      #expect(told == [.share, .share, .nats], "\(labels)")
    }
    let measured = units(
      "elbo", MeasuredTerm.activeUnits, MeasuredTerm.probe, MeasuredTerm.pathVariance,
      MeasuredTerm.information + MeasuredTerm.givenClass)
    #expect(measured == [.count, .share, .none, .nats])
  }

  @Test("What labels add to the loss stands in the formula as it is, and is gone where there are none")
  func formulas() throws {
    func formula(_ model: String, _ objective: String, _ labels: LabelPolicy, inference: String? = nil) -> String {
      var configuration = Fixture.configuration(latent: 4)
      (configuration.model.kind, configuration.model.classNames) = (model, ["a", "b"])
      if let inference { configuration.model.settings["inference"] = .text(inference) }
      configuration.objective = ObjectiveConfiguration(kind: objective)
      configuration.training.labels = labels
      return configuration.formula
    }
    #expect(formula("semiSupervised", "semiSupervisedBound", .count(20)) == "R + 1·KL − log p(y) − 46·log q(y|x)")
    #expect(formula("semiSupervised", "semiSupervisedBound", .none) == "R + 1·KL")
    #expect(
      formula("semiSupervised", "evidenceLowerBound", .all) == "R + 1·KL − log p(y) − 46·log q(y|x)")
    #expect(
      formula("semiSupervised", "importanceWeightedBound", .all)
        == "−L_K − 46·log q(y|x), L_K = log mean_k p(x,z_k)/q(z_k|x)")
    #expect(formula("splitCode", "semiSupervisedBound", .count(20)) == "R + 1·KL − 46·log p(y|z)")
    #expect(formula("splitCode", "evidenceLowerBound", .all) == "R + 1·KL − log p(y|z)")
    #expect(
      formula("splitCode", "dipI", .all)
        == "R + KL + 10·Σ C_ij² + 100·Σ (C_ii − 1)² − 46·log p(y|z), C = cov μ")
    #expect(
      formula("semiSupervised", "weightedDecomposition", .all)
        == "R + 1·MI + 1·TC + 1·TCw + 1·DW − 46·log q(y|x)")
    #expect(
      formula("semiSupervised", "fourTerms", .none, inference: "concrete") == "−1·① + 1·② + 1·③ + 1·④")
    #expect(
      formula("semiSupervised", "sampledLabels", .all, inference: "concrete")
        == "R + 1·(KL − log p(y)) − (1 + 46)·log q(y|x)")
    #expect(formula("semiSupervised", "sampledLabels", .none, inference: "concrete") == "R + 1·KL")
    #expect(formula("semiSupervised", "importanceWeightedLabels", .count(20)) == "−L_K − 46·log q(y|x)")
    #expect(formula("splitCode", "sampledLabels", .all) == "R + 1·KL − (1 + 46)·log p(y|z)")
    #expect(formula("splitCode", "importanceWeightedLabels", .all) == "−L_K − 46·log p(y|z)")
    #expect(formula("splitCode", "importanceWeightedLabels", .none) == "−L_K")
    #expect(formula("fairAutoencoder", "semiSupervisedBound", .all) == "R + 1·KL − 46·log p(y|z) − log q(s|x)")
    #expect(
      formula("fairAutoencoder", "fairBound", .all) == "R + 1·KL + 1000·MMD − log q(s|x) − 46·log p(y|z)")
    #expect(formula("fairAutoencoder", "importanceWeightedLabels", .none) == "−L_K − log q(s|x)")
  }
}
