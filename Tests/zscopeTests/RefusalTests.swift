import Testing

/// What is refused, and in which words.
@Suite struct RefusalTests {
  @Test(arguments: [
    ("train r --preset iwae --objective elbo", "--preset iwae names an objective already"),
    ("train r --theme light", "--theme is for watching a run: add --explore"),
    ("train r --view x.png --keys g", "are for watching a run: add --explore"),
    ("train r --data strokes --view x.png", "--view is for watching a run: add --explore"),
    ("train r --explore --view x.png", "--view is for a run without a person: add --keys"),
    ("measures nope", "zscope: there is no measure nope"),
    ("measure --codes a.npy --encoded --log-variances b.npy", "--encoded codes hold their log-variances"),
    ("measure --codes a.npy --test-codes b.npy --factors c.npy", "give --factors and --test-factors both, or neither"),
    ("measure --codes a.npy --test-codes b.npy --labels c.npy", "give --labels and --test-labels both, or neither"),
    ("evaluate m --rotate random", "--rotate and --set are for measures"),
    ("train r --objective factorvae --gamma 10", "there is no objective called factorvae (did you mean"),
    ("train r --model semisupervised --labels 100", "no model called semisupervised (did you mean semi-supervised?)"),
    ("train r --labels all", "the model vae has no variable for the class: --labels is for"),
    ("train r --model splitcode --attribute label", "no model called splitcode (did you mean split-code?)"),
    ("train r --model splitcode --classDimensions 1", "no model called splitcode (did you mean split-code?)"),
    ("train r --model two --codes-of mnist-2d", "no model called two"),
  ])
  func wrongUseIsRefusedInWordsThatSayWhat(line: String, says: String) throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    let result = try runner.type(line)
    #expect(result.status == 2 && result.errors.contains(says), "\(result.errors)")
  }
}
