import ArgumentParser
import Testing

@testable import zscope

/// The table of experiments is data: what it would type must be understood before somebody waits an hour for it.
@Suite struct ExperimentTests {
  @Test(arguments: Experiment.all.map(\.name))
  func everyTrainingOfAnExperimentIsACommandThatIsUnderstood(name: String) throws {
    let experiment = try #require(Experiment.named(name))
    #expect(!experiment.figures.isEmpty && experiment.minutes > 0)
    #expect(Set(experiment.figures.map(\.name)).count == experiment.figures.count)
    for training in experiment.trainings {
      let names = Set(experiment.trainings.map { "{\($0.name)}" })
      let words = training.arguments.map { names.contains($0) ? "assets/models/mnist-2d" : $0 }
      let command = try ZscopeCommand.parseAsRoot(
        TrainingOptions.expanding(["train", "runs/\(training.name)"] + words + ["--seed", "1"]))
      let train = try #require(command as? TrainCommand, "\(training.name)")
      // The options go together, too.
      _ = try train.options.configuration(epochs: train.epochs)
    }
  }

  @Test func runsThatExperimentsShareAreTheSameTraining() {
    var known: [String: [String]] = [:]
    for training in Experiment.all.flatMap(\.trainings) {
      let before = known.updateValue(training.arguments, forKey: training.name)
      #expect(before == nil || before == training.arguments, "\(training.name) is two trainings")
    }
  }
}
