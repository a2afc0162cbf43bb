import Datasets
import Foundation
import Tensors
import Testing

@Suite("Files that commands write")
struct OutputTests {
  @Test("What is read is not replaced, and two results do not share a file, whatever their paths")
  func oneFile() throws {
    let runner = try TrainedRun.runner()
    defer { runner.remove() }
    #expect(try runner.type("sample run --count 2 --output a.npy --codes codes.npy").status == 0)
    let (images, codes) = (try runner.read("a.npy"), try runner.read("codes.npy"))
    try FileManager.default.createSymbolicLink(atPath: runner.path("link.npy"), withDestinationPath: "a.npy")
    try FileManager.default.linkItem(atPath: runner.path("a.npy"), toPath: runner.path("hard.npy"))
    for (line, says) in [
      ("sample run --output link.npy --codes hard.npy", "--output link.npy and --codes hard.npy are one file"),
      ("encode run --images a.npy --output ./a.npy", "--output ./a.npy is the file that is read as --images"),
      ("encode run --images a.npy --labels a.npy", "--labels a.npy is the file that is read"),
      ("reconstruct run --images a.npy --output link.npy", "the file that is read"),
      ("decode run --codes codes.npy --output codes.npy", "is the file that is read as --codes"),
      ("sheet run --codes codes.npy --output codes.npy --dimension 0", "is the file that is read"),
      ("tsne codes.npy --output codes.npy", "--output codes.npy is the file that is read,"),
    ] {
      let result = try runner.type(line)
      #expect(result.status == 2 && result.errors.contains(says), "\(line): \(result.errors)")
    }
    #expect(try runner.read("a.npy") == images && runner.read("codes.npy") == codes)
    // Nothing is lost where nothing is kept.
    #expect(try runner.type("sample run --output /dev/null --format npy --codes /dev/null").status == 0)
  }

  @Test("Every format in which codes and classes are written is read back with the same numbers")
  func readBack() throws {
    let runner = try TrainedRun.runner()
    defer { runner.remove() }
    for ending in ["npy", "csv", "json"] {
      let encoding = try runner.type(
        "encode run --images strokes --count 40 --output c.\(ending) --labels l.\(ending)")
      #expect(encoding.status == 0, "\(encoding.errors)")
      #expect(try runner.type("decode run --codes c.\(ending) --output \(ending).npy").status == 0)
      #expect(try runner.read("\(ending).npy") == runner.read("npy.npy"), "\(ending)")
      let measured = try runner.type(
        "measure --codes c.\(ending) --encoded --labels l.\(ending) --measures knn-accuracy --json --threads 1")
      #expect(measured.status == 0, "\(measured.errors)")
      let text = measured.text.replacing("c.\(ending)", with: "c.npy")
      try runner.write("\(ending).text", Data(text.utf8))
      #expect(try runner.read("\(ending).text") == runner.read("npy.text"), "\(ending)")
      let side = try runner.type("sample run --count 3 --output s.npy --codes s-codes.\(ending)")
      #expect(side.status == 0, "\(side.errors)")
      #expect(try runner.type("decode run --codes s-codes.\(ending) --output again.npy").status == 0)
      #expect(try runner.read("again.npy") == runner.read("s.npy"), "\(ending)")
    }
    #expect(String(decoding: try runner.read("l.csv"), as: UTF8.self).hasPrefix("label\n"))
    let refused = try runner.type("sample run --codes codes.txt")
    #expect(refused.status == 1 && refused.errors.contains("use one of .npy, .csv, .json"), "\(refused.errors)")
    #expect(!runner.exists("codes.txt"))
  }

  @Test(
    "A table has a header of words or none: a first line of numbers is a code, unless it counts the columns, which is said"
  )
  func headers() throws {
    let runner = try TrainedRun.runner()
    defer { runner.remove() }
    let expected = try runner.type("decode run --codes 0.5,-1,2 --output -").output
    for (table, says) in [
      ("0.5,-1,2\n", ""), ("z1,z2,z3\r\n0.5, -1,2\r\n", ""), ("\u{FEFF}\"a\",b,c\n0.5,-1,2", ""),
      ("0,1,2\n0.5,-1,2\n\n", "c.csv: the first line counts the columns"),
      (",z1,z2,z3,class\n0,0.5,-1,2,boot\n", "column 1 (without a name), column 5 (class) are taken for no dimensions"),
      (",0,1,2\n0,0.5,-1,2\n", "column 1 (without a name) is taken for no dimension and left out"),
    ] {
      try runner.write("c.csv", Data(table.utf8))
      let result = try runner.type("decode run --codes c.csv --output -")
      #expect(result.output == expected, "\(table): \(result.errors)")
      #expect(says.isEmpty ? result.errors.isEmpty : result.errors.contains(says), "\(table): \(result.errors)")
    }
    // A code that looks like a header is not lost.
    try runner.write("c.csv", Data("0,1,2\n".utf8))
    #expect(
      try runner.type("decode run --codes c.csv --output -").output
        == runner.type("decode run --codes 0,1,2 --output -").output)
    for (table, says) in [
      ("1,2,3\n1,x,3\n", "line 2: 'x' is no number"), ("1,2,3\n1,2\n", "row 2 has 2 values, and the first has 3"),
      ("a,b\n", "no rows"),
      ("0.5,n/a,1\n1,2,3\n", "line 1: 'n/a' is no number"), ("0.5;-1;2\n", "line 1: '0.5;-1;2' is no number"),
    ] {
      try runner.write("c.csv", Data(table.utf8))
      let result = try runner.type("decode run --codes c.csv")
      #expect(result.status == 1 && result.errors.contains(says), "\(result.errors)")
    }
  }

  @Test("A format without a file is that of standard output, in every command that makes arrays or images")
  func formats() throws {
    let runner = try TrainedRun.runner()
    defer { runner.remove() }
    for line in [
      "decode run --codes 0,0,0", "sample run --count 1", "traverse run --dimension 0 --steps 2",
      "sheet run --dimension 0 --styles 2 --steps 2", "reconstruct run --images strokes --count 1",
      "encode run --images strokes --count 1",
    ] {
      let result = try runner.type("\(line) --format json")
      #expect(result.status == 0 && result.text.hasPrefix("[["), "\(line): \(result.errors)")
    }
    for (line, says) in [
      ("sample run --format html", "npy, csv, json, png, svg, gif"),
      ("encode run --images strokes --format png", "'npy', 'csv' or 'json'"),
      ("tsne c.npy --format gif", "'npy', 'csv', 'json', 'png' or 'svg'"),
      ("sample run --output a.npy --format json", "--format json contradicts the ending of --output a.npy"),
      ("encode run --images strokes --output a.csv --format npy", "--format npy contradicts"),
      ("tsne c.npy --output a.html --format svg", "--format svg contradicts"),
    ] {
      let refused = try runner.type(line)
      #expect(refused.status == 2 && refused.errors.contains(says), "\(line): \(refused.errors)")
    }
    for (command, values) in [
      ("decode", "npy, csv, json, png, svg, gif"), ("encode", "npy, csv, json"), ("tsne", "npy, csv, json, png, svg"),
    ] {
      let help = try runner.type("\(command) --help").text.split { $0.isWhitespace }.joined(separator: " ")
      #expect(help.contains("(values: \(values))"), "\(help)")
    }
    #expect(try runner.type("sample run --count 2 --output images.data --format npy").status == 0)
    #expect(try runner.type("sample run --count 2 --format svg").text.contains("<title>images</title>"))
  }

  @Test("A message about labels or data sets names the input that it is about")
  func namedInputs() throws {
    let runner = try TrainedRun.runner()
    defer { runner.remove() }
    #expect(try runner.type("sample run --count 2 --output a.npy").status == 0)
    let labels = try runner.type("encode run --images a.npy a.npy --labels l.npy")
    #expect(labels.status == 1 && labels.errors.contains("not all of a.npy, a.npy have labels"), "\(labels.errors)")
    try runner.write("c.csv", Data("c0,c1\n0.5,1\n".utf8))
    for line in [
      "encode run --images a.npy", "reconstruct run --images a.npy", "evaluate run --data a.npy", "data show a.npy",
      "data export a.npy --output a.npz", "tsne c.csv",
    ] {
      let half = try runner.type("\(line) --part test")
      #expect(half.status == 2 && half.errors.contains("--part has no effect"), "\(line): \(half.errors)")
    }
    #expect(try runner.type("data export strokes-rotated --part test --seed 3 --count 2 --output a.npz").status == 0)
    let named = try runner.type("encode run --images strokes a.npy")
    #expect(named.status == 1 && named.errors.contains("strokes: this is a data set's name"), "\(named.errors)")
  }

  @Test func whatAKilledWriteLeftIsClearedByTheNextOneInItsFolder() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    // No process has so high a number.
    let (left, other) = (".codes.npy.4194999-17.partial", ".codes.notes-of.partial")
    for name in [left, other] { try runner.write(name, Data([9])) }
    #expect(try runner.type("data export strokes --count 10 --output set.npz").status == 0)
    #expect(!runner.exists(left) && runner.exists(other))
  }
}
