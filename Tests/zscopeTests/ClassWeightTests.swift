import Foundation
import LatentModels
import Testing

@testable import zscope

@Suite struct ClassWeightTests {
  private static let variables = [
    LatentVariable(name: "y", kind: .categorical(classNames: ["cat", "dog", "7"])),
    LatentVariable(name: "z", kind: .continuous(dimensions: 2)),
  ]

  @Test func weightsAreNotNegativeAndAddUpToOne() throws {
    func problem(_ code: [Float]) -> String? {
      do {
        try ClassWeights.check(code, of: Self.variables, place: "here", mayLack: true)
        return nil
      } catch { return "\(error)" }
    }
    for code: [Float] in [[0, 1, 0, 9, -9], [0.33, 0.33, 0.33, 0, 0], [0.5, 0.5, 0, 0, 0]] {
      #expect(problem(code) == nil, "\(code)")
    }
    #expect(problem([5, -3, -1, 0, 0])?.contains("(values 1 to 3) are not all 0 or more: one is -3.0") == true)
    #expect(problem([0, 0, 0, 1, 1])?.contains("are all 0, which is no class") == true)
    #expect(problem([1, 1, 0, 0, 0])?.contains("add up to 2.0") == true)
    #expect(problem([0, 0, 0, 1, 1])?.hasSuffix("or the 2 dimensions alone") == true)
  }

  @Test func dimensionsAloneAreAtAClass() throws {
    let first = try ClassWeights.completing([4, 5], class: nil, of: Self.variables)
    #expect(first == [1, 0, 0, 4, 5])
    #expect(try ClassWeights.completing([4, 5], class: "dog", of: Self.variables) == [0, 1, 0, 4, 5])
    // A name goes before a number.
    #expect(try ClassWeights.completing([4, 5], class: "7", of: Self.variables) == [0, 0, 1, 4, 5])
    #expect(try ClassWeights.completing([4, 5], class: "2", of: Self.variables) == [0, 0, 1, 4, 5])
    #expect(throws: CommandError.self) { try ClassWeights.completing([4, 5], class: "8", of: Self.variables) }
    #expect(throws: CommandError.self) { try ClassWeights.completing([4, 5], class: "0", of: [Self.variables[1]]) }
  }

  @Test func aBlendIsToldAsOne() {
    #expect(ClassWeights.words([0, 1, 0, 0, 0], of: Self.variables) == ["y dog"])
    #expect(ClassWeights.words([0.25, 0.75, 0, 0, 0], of: Self.variables) == ["y 0.75 of dog and 0.25 of cat"])
    #expect(
      ClassWeights.words([0.3, 0.3, 0.4, 0, 0], of: Self.variables) == ["y 0.40 of 7, 0.30 of cat and 0.30 of dog"])
    #expect(ClassWeights.words([1, 2], of: [Self.variables[1]]).isEmpty)
    #expect(ClassWeights.order(of: Self.variables) == "3 weights of the classes of y, then 2 dimensions of z")
  }

  @Test func commandsHoldCodesToThatRule() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    let data = "--data strokes --count 300 --hidden 16 --batch 50 --threads 1 --epochs 1"
    #expect(try runner.type("train run --model semi-supervised --latent 2 \(data)").status == 0)
    let none = [String](repeating: "0", count: 10).joined(separator: ",")
    let third = "0,0,0,1,0,0,0,0,0,0,0.5,-1"
    let blend = "0.5,0,0,0.5,0,0,0,0,0,0,0.5,-1"
    try runner.write("second.csv", Data("\(third)\n\(none),0,0\n".utf8))
    for (line, message) in [
      ("decode run --codes second.csv", "second.csv: row 2: the weights of the classes of y"),
      ("decode run --codes \(none),0,0", "are all 0, which is no class"),
      ("decode run --codes 5,-3,\(none.dropLast(4)),0,0", "one is -3.0"),
      (
        "decode run --codes 0.5,-1",
        "but one of this model has 12: 10 weights of the classes of y, then 2 dimensions of z"
      ),
      ("traverse run --dimension 0 --at \(none),0,0", "or the 2 dimensions alone"),
      ("traverse run --dimension 0 --at 1,2,3", "or the 2 dimensions alone"),
      ("traverse run --dimension 0 --at \(third) --class 4", "says its classes itself"),
      ("traverse run --dimension 0 --class x", "y has no class x"),
    ] {
      let result = try runner.type(line)
      #expect(result.status == 1 && result.errors.contains(message), "\(line): \(result.errors)")
    }
    let step = "--dimension 1 --from -1 --to -1 --steps 1"
    #expect(try runner.type("decode run --codes \(third) --output a.npy").status == 0)
    #expect(try runner.type("traverse run \(step) --at \(third) --output b.npy").status == 0)
    #expect(try runner.type("traverse run \(step) --at 0.5,9 --class 3 --output c.npy").status == 0)
    #expect(try runner.read("a.npy") == runner.read("b.npy"))
    #expect(try runner.read("a.npy") == runner.read("c.npy"))
    for (options, end) in [
      ("", ", y 0"), ("--class 7", ", y 7"), ("--at 0.5,1 --class 7", ", y 7"),
      ("--at \(blend)", ", y 0.50 of 0 and 0.50 of 3"),
    ] {
      let strip = try runner.type("traverse run --dimension 0 --steps 3 --size 10x5 \(options)")
      #expect(strip.lines.first?.hasSuffix(end) == true, "\(strip.text) \(strip.errors)")
    }
    // What encode writes is read back, and styles may be dimensions alone.
    #expect(try runner.type("encode run --images strokes --count 4 --output codes.npy").status == 0)
    #expect(try runner.type("decode run --codes codes.npy --output d.npy").status == 0)
    try runner.write("styles.json", Data("[[0.5, -1], [1, 2]]".utf8))
    let sheet = try runner.type("sheet run --codes styles.json --output sheet.npy")
    #expect(sheet.status == 0, "\(sheet.errors)")
  }
}
