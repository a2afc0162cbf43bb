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
}
