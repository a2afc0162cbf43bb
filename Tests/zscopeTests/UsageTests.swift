import Foundation
import Testing

@Suite struct UsageTests {
  static let commands = [
    "explore", "train", "encode", "decode", "traverse", "sample", "reconstruct", "evaluate", "info", "data", "show",
    "compare", "measure", "measures", "bench", "tsne", "report", "sheet", "models", "objectives", "presets",
    "reproduce",
  ]

  @Test(arguments: ["0", "-5", "1", "wide"])
  func helpIsWholeWhateverWidthTheEnvironmentSays(columns: String) throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    let usual = try runner.type("train --help").text
    #expect(try runner.type("train --help", environment: ["COLUMNS": columns]).text == usual)
    #expect(usual.contains("Train a model into a run directory"))
  }

  @Test(arguments: [
    (["reproduce", ""], "there is no experiment ''"), (["measures", ""], "no measure ''"),
    (["encode", "mnist-2d", "--images", "strokes", "--output", ""], "'': "),
    (["train", "r", "--objective", ""], "called ''"),
  ])
  func aNameThatIsEmptyIsSeenToBeInMessages(words: [String], problem: String) throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    let result = try runner.start(words: words).finish()
    #expect(result.status > 0 && result.errors.contains(problem), "\(result.errors)")
  }

  @Test func kernelsThatThereAreNotAreToldOf() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    for (value, isTold) in [("0", false), ("5", true), ("avx", true), ("", false)] {
      let result = try runner.type("measures", environment: ["ZSCOPE_KERNELS": value])
      #expect(result.status == 0 && result.errors.contains("ZSCOPE_KERNELS is \(value)") == isTold, "\(result.errors)")
    }
  }

  @Test func helpNamesEveryCommand() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    let help = try runner.type("--help")
    #expect(help.status == 0 && help.errors.isEmpty)
    for command in Self.commands { #expect(help.text.contains("\n  \(command) "), "\(command) is missing") }
  }

  @Test(arguments: commands + ["data list", "data get", "data show"])
  func everyCommandsHelpHasExamples(command: String) throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    let help = try runner.type("\(command) --help")
    #expect(help.status == 0)
    #expect(help.text.contains("Examples:\n  zscope \(command)"))
    #expect(help.lines.allSatisfy { $0.count <= 80 || $0.hasPrefix("USAGE") }, "a line is wider than 80 columns")
    let examples = help.lines.drop { $0 != "Examples:" }.dropFirst().prefix { !$0.isEmpty }
    #expect(examples.allSatisfy { $0.hasPrefix("  ") }, "an example is broken at the 80th column")
  }

  @Test(
    arguments: [
      ("trian", "did you mean 'train'?"),
      ("frobnicate", "commands: explore"),
      ("mnist-2d", "it is a model: `zscope explore mnist-2d` opens it"),
      ("decode", "model"),
      ("decode m", "--codes"),
      ("help nope", "there is no command 'nope'"),
      ("help trian", "did you mean 'train'?"),
      ("help data shwo", "did you mean 'data show'?"),
      ("help train nope", "'train' has no command 'nope'"),
      ("train -x", "Unknown option '-x'"),
      ("train -x --beta 2 --epochs 3", "Unknown option '-x'"),
      ("train", "Missing expected argument '<run>'"),
      ("traverse mnist-2d --dimension= --from=-3", "--dimension is empty"),
      ("decode mnist-2d --codes= --size 6x3", "--codes is empty"),
      ("tsne codes.npy --threads 257", "--threads is 257; allowed: 1 to 256"),
      ("bench --threads 257", "--threads is 257; allowed: 1 to 256"),
      ("encode m", "--images is missing"),
      ("train r --latent two", "two"),
      ("train r --hidden 12,,3", "12,,3"),
      ("train r --frob", "--frob"),
      ("train r --data strokes --beta", "Missing value for '--beta"),
      ("train r --data strokes --capacity --epochs 1", "Missing value for '--capacity"),
      ("train r --data strokes --bata 4", "Did you mean '--beta' or '--data'?"),
      ("train r --data strokes --Beta 4", "Did you mean '--beta'?"),
      ("train --resume r --beta 2 --rate 1", "--beta cannot change when resuming"),
      ("train r --threads 0", "--threads is 0"),
      ("train r --rate -1", "--rate is -1; allowed: 1e-45 to 3.4028235e+38"),
      ("train r --rate nan", "--rate is nan; allowed"),
      ("train r --rate 1e39", "--rate is 1e39; allowed: 1e-45 to 3.4028235e+38"),
      ("train r --rate 1e-60", "--rate is 1e-60; allowed: 1e-45 to 3.4028235e+38"),
      ("train r --clip 1e39", "--clip is 1e39; allowed: 1e-45 to 3.4028235e+38; leave it out"),
      ("train --resume r --rate 1e39", "--rate is 1e39; allowed"),
      ("traverse mnist-2d --dimension 0 --to 1e39", "--to is 1e39; allowed: -3.4028235e+38 to 3.4028235e+38"),
      ("sheet mnist-2d --dimension 0 --from=-inf", "--from is -inf; allowed"),
      ("train r --latent 0", "--latent is 0; allowed: 1 to"),
      ("train r --hidden 64,0", "a width of --hidden is 0"),
      ("train r --held-out -1", "--held-out is -1"),
      ("train r --beta 2 --set beta=3", "--beta is given twice, as 2 and as 3"),
      ("train r --beta 2 --beta 2", "given twice"),
      ("train r --anneal beta=linear:5 --anneal beta=cyclical:2", "--anneal beta is given twice"),
      ("train r --preset corex --dimensions=", "--dimensions is empty"),
      ("train r --preset hfvae --set groups=", "--groups is empty"),
      ("train r --groupWeight 3", "--groupWeight has no effect: codes follow no group"),
      ("train r --invariant 2", "--invariant has no effect"),
      ("train r --hidden none --activation tanh", "--activation has no effect: there are no hidden layers"),
      ("train r --group C4 --latent 8 --groupStep 3", "--groupStep has no effect: it is for the groups cyclic-rows"),
      ("train r --data strokes --group cyclic-rows --latent 8 --groupStep 5", "the group cyclic-rows: "),
      ("train r --group cyclic-columns --latent 8 --groupStep 5", "the group cyclic-columns: "),
      ("train r --model semi-supervised --temperature 2", "use the inference concrete"),
      ("train r --model semi-supervised --anneal temperature=linear:9", "--anneal temperature has no effect"),
      (
        "train r --data strokes --model semi-supervised --inference concrete",
        "--inference has no effect: every image of strokes has its class; use --labels"
      ),
      (
        "train r --data strokes --model semi-supervised --objective semi-supervised-iwae --samples 2 --inference concrete "
          + "--temperature 2", "--temperature has no effect: every image of strokes has its class; use --labels"
      ), ("train r --preset iwae --beta 2", "there are gradient, group"),
      ("train r --model semi-supervised --labels none --alpha 2", "--alpha has no effect: no image has its class"),
      ("train r --objective renyi --alpha 2", "use more samples"),
      (
        "train r --model semi-supervised --objective semi-supervised-iwae --samples 4",
        "use the inference concrete for more"
      ), ("train r --model semi-supervised --preset iwae", "use the inference concrete for more"),
      ("train r --model semi-supervised --preset iwae-dreg", "allowed: 1 for the model semi-supervised\n"),
      ("train r --data strokes --group D4 --latent 4", "4 latent dimensions hold no block of 8"),
      ("train r --data strokes --group D4 --latent 4", "use 8 dimensions or more"),
      ("train r --data strokes --group horizontal-flip --latent 1", "use 2 dimensions or more"),
      ("train r --data strokes --group C4 --latent 4 --invariant 2", "use 6 dimensions or more"),
      ("train r --objective renyi --samples 4 --alpha -inf --anneal alpha=linear:5", "alpha is -inf, a limit"),
      ("train r --objective miwae --samples 4 --parts 4 --share 0.5", "--share has no effect"),
      ("train r --preset factor-vae --adversaryLayers 0 --adversaryWidth 9", "--adversaryWidth has no effect"),
      ("train r --model fair --attribute label", "is the class, which the model fair is to tell"),
      ("train r --model autoencoder --objective elbo", "the objective elbo needs a posterior"),
      ("train r --labels -3", "'-3' is invalid for '--labels"),
      ("train r --model semi-supervised --labels 100 --labelled-share 0", "--labelled-share is 0.0; allowed"),
      ("train r --data strokes --model semi-supervised --labelled-share 0.5", "every image of strokes has its class"),
      ("train r --anneal rate=from:0:5", "the start of annealing rate is 0; allowed: 1e-45 to 3.4028235e+38"),
      ("train r --anneal rate=from:1e39:5", "the start of annealing rate is 1e+39; allowed: 1e-45 to 3.4028235e+38"),
      ("train r --anneal beta=from:-1:5", "the start of annealing beta is -1; allowed: 0 to 1000"),
      ("train r --anneal beta=linear:0", "all others whole numbers from 1 to 1000000000"),
      ("train r --data strokes --count 600 --objective wae --by-class", "of 60 images of a class 6 are held out"),
      ("train r --seed -1", "'-1' is invalid for '--seed"),
      ("train r --likelihood gaussian:-1", "gaussian:-1"),
      ("compare mnist-2d --measures mig nosuch mnist-10d", "no measure"),
      ("compare --measures --json mnist-2d", "name at least two models"),
      (
        "evaluate mnist-2d --measures usaul",
        "there is no measure usaul (did you mean usual?); known: all, usual, mutual"
      ),
      ("measure --codes c.npy --measures all mgi", "there is no measure mgi (did you mean mig?)"),
      ("traverse m", "--dimension"),
      ("traverse m --dimension 0 --steps 0", "--steps is 0"),
      ("show", "image"),
      ("show a.png --size 0x4", "0x4"),
      ("show a.png --color 7", "7"),
      ("sample m --count 0", "--count is 0"),
      ("sample m --count 9223372036854775807", "allowed: 1 to 1000000"),
      ("traverse m --dimension 0 --steps 1000000000", "allowed: 1 to 1000000"),
      ("evaluate m --samples 0", "--samples is 0"),
      ("evaluate m --importance-samples 1000000000", "allowed: 0 to 1000000"),
      ("sample m --codes -", "cannot both go to standard output"),
      ("encode m --images strokes --labels - --output -", "cannot both go to standard output"),
      ("encode m --images - -", "standard input (-) can be named only once"),
      ("show - a.png -", "standard input (-) can be named only once"),
      ("show a.png --ascii --sextants", "exclude each other"),
      ("data gett mnist", "did you mean 'data get'?"),
      ("data get", "`zscope data get --help`"),
      ("train --resume r --epochs -5", "--epochs is -5"),
      ("train r --labels ALL", "'all', 'none' or 'a number'"), ("train r --labels -1", "'all', 'none' or 'a number'"),
      ("train r --labels 1.5", "'all', 'none' or 'a number'"), ("train r --scale 5:1", "LOW below HIGH"),
      ("train r --shape 28", "HEIGHTxWIDTH such as 28x28"), ("show a.png --size big", "WIDTHxHEIGHT such as 28x14"),
      ("sample m --count 1e3", "'1e3' is invalid for '--count <count>'; give a whole number"),
      ("sample m --count x", "give a number"), ("train r --seed -1", "give a whole number from 0"),
      ("reproduce split --seeds x", "give a number"), ("train r --beta two", "two"),
      ("sample m --output y.npy --codes ./y.npy", "--output y.npy and --codes ./y.npy are one file"),
      ("encode m --images a.npy --output x.npy --labels x.npy", "are one file"),
      ("explore m --keys q --record a.svg --view a.svg", "are one file"),
      ("sheet m --from -1 --steps 3", "--from, --steps have no effect: these are the values of --dimension"),
      ("sheet m --codes c.npy --styles 3", "--styles has no effect"),
      ("sheet m --codes c.npy --seed 3", "--seed has no effect"),
      ("sheet m --images strokes --seed 3", "--seed has no effect"),
      ("sheet m --dimension 0 --steps 0", "--steps is 0; allowed: 1 to 1000"),
      ("data export mnist --seed 3 -o a.npz", "--seed has no effect: it draws strokes"),
      ("data show a.npy --seed 3", "--seed has no effect: it draws strokes"),
      ("data show strokes --against mnist --count 3", "--count has no effect"),
      ("data show strokes --against mnist --ascii", "--ascii has no effect"),
      ("decode m --codes 0,0 --output a.png --size 4x4", "--size has no effect: nothing is printed as glyphs"),
      ("sample m --format npy --color 256", "--color has no effect"),
      ("sheet m --output s.png --ascii --size 3x3", "--size, --ascii have no effect"),
      ("tsne c.npy --output t.png --sextants", "--sextants has no effect"),
      ("encode m --images a.npy --no-labels --labels l.npy", "--labels and --no-labels exclude each other"),
    ])
  func wrongUseEndsWithTwoAndSaysWhatAndWhereToLook(line: String, message: String) throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    let result = try runner.type(line)
    #expect(result.status == 2)
    #expect(result.output.isEmpty)
    #expect(result.errors.hasPrefix("zscope: ") && result.errors.contains(message), "\(result.errors)")
    #expect(result.errors.contains("--help` tells more"))
    #expect(result.errors.split(separator: "\n").count <= 3)
  }

  @Test(arguments: ["bash", "zsh", "fish"]) func completionsKnowTheCommands(shell: String) throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    let script = try runner.type("--generate-completion-script \(shell)")
    #expect(script.status == 0)
    for word in ["traverse", "held-out", "binarised", "gaussian", "mutual-information"] {
      #expect(script.text.contains(word))
    }
  }

  /// What the scripts ask the program itself: names that are known here, and paths.
  @Test func completionsOfferModelsDataSetsAndFiles() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    try FileManager.default.createDirectory(atPath: runner.path("strips"), withIntermediateDirectories: true)
    try runner.write("strips/one.npy", Data())
    try runner.write("strokes.npy", Data())
    func offered(_ place: String, _ words: String) throws -> Set<String> {
      // The last two numbers: which word is completed, and how much of it stands before the cursor.
      let parts = words.split(separator: " ")
      let request = "---completion \(place) \(parts.count - 1) \(parts.last?.count ?? 0) \(words)"
      let result = try runner.type(request, environment: ["SAP_SHELL": "fish"])
      #expect(result.status == 0, "\(result.errors)")
      return Set(result.lines.filter { !$0.isEmpty })
    }
    let beginning = try offered("train -- --data", "zscope train r --data st")
    #expect(beginning == ["strokes", "strokes-rotated", "strips/", "strokes.npy"])
    #expect(try offered("train -- --data", "zscope train r --data strips/o") == ["strips/one.npy"])
    #expect(try offered("train -- --data", "zscope train r --data mnist-") == ["mnist-rotated"])
    #expect(try offered("train -- --codes-of", "zscope train r --codes-of stri") == ["strips/"])
    #expect(try offered("train -- --group", "zscope train r --group horizontal-f") == ["horizontal-flip"])
    #expect(try offered("data get -- positional@0", "zscope data get k") == ["kmnist"])
    #expect(try offered("info -- positional@0", "zscope info strips") == ["strips/"])
  }

  /// What is behind a name in a folder is data, to bash also.
  @Test func bashCompletesNamesAsTheyAreAndRunsNothing() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    let names =
      ["$(touch PWNED).npy", "a $x.npy", "c'd.npy", "g*[h].npy", "q\"r.npy", "s\\t.npy", "~u.npy"]
      + ["`\u{301}; touch PWNED`.npy"]
    try FileManager.default.createDirectory(atPath: runner.path("cs"), withIntermediateDirectories: true)
    for name in names + ["line\r\nline.npy"] { try runner.write("cs/\(name)", Data()) }
    try runner.write("-m.npy", Data())
    func offered(_ word: String) throws -> [String] {
      let program = CommandRunner.program.path
      let result = try runner.shell(
        """
        source <('\(program)' --generate-completion-script bash)
        COMP_WORDS=('\(program)' info '\(word)'); COMP_CWORD=2; COMP_LINE='zscope info \(word)'; COMP_POINT=${#COMP_LINE}
        _zscope zscope '\(word)' info; printf '%s\\n' "${COMPREPLY[@]}"
        """)
      return result.lines
    }
    #expect(try Set(offered("cs/")) == Set(names.map { "cs/\($0)" }))
    #expect(try offered("cs/a\\ \\$") == ["cs/a $x.npy"])
    #expect(try offered("\"cs/q") == ["cs/q\"r.npy"])
    #expect(try offered("~/cs/c") == ["~/cs/c'd.npy"])
    // What begins with a minus would be an option.
    #expect(try offered("").contains("./-m.npy") && !offered("-").contains("-m.npy"))
    #expect(!runner.exists("PWNED"))
  }

  @Test(arguments: [("--set", "kap", "kappa="), ("--anneal", "rat", "rate=")])
  func bashWaitsForTheValueOfASettingBehindItsName(option: String, typed: String, offered: String) throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    let program = CommandRunner.program.path
    // `compopt` changes how bash goes on: only while it completes.
    let result = try runner.shell(
      """
      source <('\(program)' --generate-completion-script bash)
      compopt() { echo "${@}"; }
      COMP_WORDS=('\(program)' train r \(option) \(typed)); COMP_CWORD=4; COMP_LINE='zscope train r \(option) \(typed)'
      COMP_POINT=${#COMP_LINE}; made=$(complete -p zscope); made=${made#* -F }
      "${made% zscope}" zscope \(typed) \(option); printf '%s\\n' "${COMPREPLY[@]}"
      """)
    #expect(result.lines == ["+o filenames -o nospace", offered], "\(result.errors)")
  }

  @Test(arguments: ["bash", "zsh", "fish"]) func settingsAreOfferedAsOptionsAndLeftOutOfTheHelp(shell: String) throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    let script = try runner.type("--generate-completion-script \(shell)").text
    for name in ["beta", "groupWeight", "adversaryWidth"] { #expect(script.contains(name)) }
    #expect(try !runner.type("train --help").text.contains("adversaryWidth"))
  }

  @Test(arguments: [
    "sheet nowhere --class -1", "traverse nowhere --dimension 0 --class -1", "sheet nowhere --variable -y",
    "data show nowhere --scale -1:1", "train run --data nowhere --model fair --attribute -1",
  ])
  func valuesMayBeginWithAMinus(line: String) throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    let result = try runner.type(line)
    #expect(result.status != 0 && !result.errors.contains("Missing value"), "\(result.errors)")
  }
}
