import ArgumentParser
import LatentModels
import Testing

@testable import zscope

/// What a run that goes on cannot change is known by the options that were given: none may be left out of them.
@Suite struct TrainingOptionTests {
  /// A value that each option takes.
  private static let values = [[], ["1"], ["grey"], ["relu"], ["bernoulli"], ["constant"], ["28x28"], ["crop"]]

  @Test func everyOptionThatIsGivenIsToldByItsName() throws {
    try check(TrainingOptions.self, \.given)
    try check(ImageOptions.self, \.given)
    #expect(try TrainingOptions.parse(["--set", "beta=4"]).given == ["--beta"])
  }

  /// A setting is an option by its name, and belongs to the objective or to the model, whichever pair is trained.
  @Test func noSettingHasTheNameOfAnOptionOrOfOneOfTheOtherTable() {
    let options = TrainCommand.helpMessage().split(separator: "\n").filter { $0.hasPrefix("  -") }
      .flatMap { $0.matches(of: /--([A-Za-z-]+)/).map { String($0.1) } }
    #expect(options.contains("samples") && Set(options).isDisjoint(with: TrainingOptions.settingNames))
    for objective in ObjectiveKind.all {
      for model in ModelKind.all {
        #expect(Set(objective.allSettings.map(\.name)).isDisjoint(with: model.settings.map(\.name)))
      }
    }
  }

  private func check<Options: ParsableArguments>(_ options: Options.Type, _ given: KeyPath<Options, [String]>) throws {
    let children = Mirror(reflecting: try Options.parse([])).children
    #expect(!children.isEmpty)
    // Settings are told by the name of each.
    for label in children.compactMap(\.label) where !label.hasPrefix("_settings") {
      let words = label.drop { $0 == "_" }.map { $0.isUppercase ? "-\($0.lowercased())" : "\($0)" }
      let name = "--" + words.joined()
      let parsed = Self.values.lazy.compactMap { try? Options.parse([name] + $0) }.first
      let options = try #require(parsed, "no value for \(name)")
      #expect(options[keyPath: given] == [name])
    }
  }
}
