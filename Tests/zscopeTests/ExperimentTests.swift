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

  @Test func aRunOfOtherSettingsIsNotReportedAsTheExperiments() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    let settings = "--data strokes --count 200 --hidden 8 --latent 2 --epochs 1"
    #expect(try runner.type("train runs/mnist-2d-seed1 \(settings)").status == 0)
    let refused = try runner.type("reproduce mnist-2d --seeds 1 --folder runs")
    let words = "runs/mnist-2d-seed1 was trained with other settings (model.hidden)"
    #expect(refused.status == 1 && refused.errors.contains(words), "\(refused.errors)")
  }

  @Test func runsThatExperimentsShareAreTheSameTraining() {
    var known: [String: [String]] = [:]
    for training in Experiment.all.flatMap(\.trainings) {
      let before = known.updateValue(training.arguments, forKey: training.name)
      #expect(before == nil || before == training.arguments, "\(training.name) is two trainings")
    }
  }
}
