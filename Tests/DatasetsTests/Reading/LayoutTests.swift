import Tensors
import Testing

@testable import Datasets

@Suite("Where images lie in arrays")
struct LayoutTests {
  /// What is found in an array of a shape by a model that reads `expected`, where `said` is what --shape says.
  private func layout(
    _ shape: [Int], _ format: ArrayLayout.Format = .npy, expected: String? = nil, said: String? = nil,
    fit: ImageFit? = nil
  ) throws -> String {
    var reading = ImageReading()
    (reading.shape, reading.fit) = (said.flatMap { ImageShape($0) }, fit)
    let layout = try ArrayLayout(
      of: shape, format, reading, expecting: expected.flatMap { ImageShape($0) }, name: "file")
    return "\(layout.count) of \(layout.shape)"
  }

  @Test("An array of two axes is one image or rows that are images: the size decides that is known, never a square")
  func flat() throws {
    #expect(try layout([28, 28], expected: "28x28") == "1 of 28x28")
    #expect(try layout([5, 784], expected: "28x28") == "5 of 28x28")
    #expect(try layout([5, 64], said: "8x8") == "5 of 8x8")
    #expect(try layout([5, 60], said: "6x10") == "5 of 6x10")
    #expect(try layout([5, 64], said: "5x64") == "1 of 5x64")
    #expect(try layout([28, 28]) == "1 of 28x28")
    #expect(try layout([60, 784]) == "60 of 28x28", "MNIST's size")
    #expect(try layout([784], expected: "28x28") == "1 of 28x28")
    #expect(try layout([0, 784]) == "0 of 28x28")
    #expect(try layout([100, 120]) == "1 of 100x120")
    #expect(try layout([100, 120], expected: "28x28", fit: .scale) == "1 of 100x120")
    #expect(try layout([7, 784], .idx) == "7 of 28x28")
    #expect(failure { _ = try layout([7, 64], .idx) }?.remedy?.contains("--shape") == true, "of IDX the first counts")
  }

  @Test("What may be many rows or one image is told with both readings")
  func ambiguous() throws {
    for error in [
      failure { _ = try layout([40, 785], expected: "28x28") },
      failure { _ = try layout([40, 785], expected: "28x28", fit: .scale) },
      failure { _ = try layout([40, 785]) },
    ] {
      #expect(error?.problem.hasPrefix("holds 40 rows of 785 pixels") == true)
      #expect(error?.remedy?.contains("--shape HxW") == true && error?.remedy?.contains("--shape 40x785") == true)
    }
    #expect(failure { _ = try layout([5, 64]) } != nil, "64 is a square, and that says nothing")
    #expect(failure { _ = try layout([100, 120], expected: "28x28") }?.remedy?.contains("--fit") == true)
    #expect(try layout([40, 785], expected: "28x28", said: "40x785", fit: .scale) == "1 of 40x785")
  }

  @Test("What --shape says is never overridden: another array is refused with both sizes")
  func said() throws {
    let error = try #require(failure { _ = try layout([40, 1024], said: "30x30") })
    for part in ["40 rows of 1024", "30×30", "900"] { #expect(error.problem.contains(part)) }
    #expect(error.remedy?.contains("32x32") == true && error.remedy?.contains("40x1024") == true)
    #expect(failure { _ = try layout([40, 785], said: "28x28") } != nil)
    #expect(failure { _ = try layout([40, 600], expected: "28x28", said: "20x31", fit: .scale) } != nil)
    #expect(failure { _ = try layout([40, 28, 28], said: "784x1") }?.problem.contains("784 high × 1 wide") == true)
    #expect(failure { _ = try layout([40, 28, 28], .idx, said: "14x56") } != nil)
    // Without a model the size to make says nothing of what there is.
    #expect(try layout([40, 28, 28], said: "20x20", fit: .scale) == "40 of 28x28")
    #expect(try layout([50, 60], said: "20x20", fit: .scale) == "1 of 50x60")
    // What is to be made fit may have any size, with two axes as with three.
    for said in ["28x28", "20x20"] {
      #expect(try layout([40, 30, 50], expected: "28x28", said: said, fit: .scale) == "40 of 30x50")
      #expect(try layout([30, 50], expected: "28x28", said: said, fit: .scale) == "1 of 30x50")
      #expect(failure { _ = try layout([30, 50], expected: "28x28", said: said) } != nil)
    }
    let scratch = try Scratch()
    let picture = try scratch.write(
      "a.png", PNGFile.encode(GreyPicture(width: 3, height: 2, bytes: .init(repeating: 9, count: 6))))
    var reading = ImageReading()
    reading.shape = ImageShape("3x2")
    #expect(failure { _ = try ImageSet.read(picture, reading: reading) }?.problem.contains("--shape") == true)
    #expect(failure { _ = try DataLibrary.open("strokes", count: 2, reading: reading) }?.kind == .mismatch)
    reading.shape = ImageShape("2x3")
    #expect(try ImageSet.read(picture, reading: reading).width == 3)
  }

  @Test("One channel is none, three are refused with what to do")
  func channels() throws {
    #expect(try layout([3, 28, 28]) == "3 of 28x28")
    #expect(try layout([3, 1, 28, 28], .idx) == "3 of 28x28")
    #expect(try layout([3, 28, 20, 1]) == "3 of 28x20")
    #expect(try layout([28, 28, 1], expected: "28x28") == "1 of 28x28")
    #expect(failure { _ = try layout([3, 32, 32, 3]) }?.remedy?.contains("mean(axis=3)") == true)
    #expect(failure { _ = try layout([3, 3, 32, 32]) }?.remedy?.contains("mean(axis=1)") == true)
  }

  @Test("Shapes that are none, and sizes beyond reason, are errors and never traps")
  func impossible() throws {
    let shapes: [[Int]] = [
      [], [5], [0, 0], [3, 0, 28], [3, 28, 0], [1, 2, 3, 4, 5], [1, 1 << 30, 1 << 30], [2, 1 << 21, 1], [0, .max],
      [0, .max, .max], [1, .max, 1, 1],
    ]
    for shape in shapes { #expect(failure { _ = try layout(shape) } != nil, "\(shape)") }
  }

  @Test(
    "A header may claim what it likes",
    arguments: [
      "(0, 9223372036854775807)", "(9223372036854775807, 0, 0)",
      "(0, 9223372036854775807, 9223372036854775807)", "(1, 18446744073709551616)", "(4611686018427387904, 4)",
      "(-1, 28, 28)", "(1099511627776, 1)",
    ])
  func claims(shape: String) throws {
    let scratch = try Scratch()
    for type in ["<f4", "|u1", "<f8"] {
      let path = try scratch.write(
        "a.npy", npy(header: "{'descr': '\(type)', 'fortran_order': False, 'shape': \(shape), }"))
      #expect(failure { _ = try ImageSet.read(path) } != nil)
      #expect(failure { _ = try NPY.read(path).tensor } != nil)
    }
  }

  @Test("A size is written height first, and holds only what a picture can have")
  func shapes() {
    #expect(ImageShape("28x20")?.height == 28 && ImageShape("28x20")?.text == "28 high × 20 wide")
    for text in ["", "28", "28x", "0x5", "-1x5", "28x28x1", "9999999x1", "100000x100000", "99999999999999999999x1"] {
      #expect(ImageShape(text) == nil, "\(text)")
    }
  }

  @Test("Images of the wrong size are told with the file, both sizes, and the way to make them fit")
  func wrongSize() throws {
    let scratch = try Scratch()
    let files = [
      try scratch.write("a.npy", NPY.encode([UInt8](repeating: 9, count: 60), shape: [1, 6, 10])),
      try scratch.write(
        "a.png", PNGFile.encode(GreyPicture(width: 10, height: 6, bytes: .init(repeating: 9, count: 60)))),
      try scratch.write("a-images-idx3-ubyte", idx([1, 6, 10], [UInt8](repeating: 9, count: 60))),
    ]
    for path in files {
      let error = try #require(failure { _ = try ImageSet.read(path, expecting: .mnist) })
      #expect(error.place == path && error.problem.contains("10×6") && error.problem.contains("28×28"))
      #expect(error.remedy?.contains("--fit") == true)
      var reading = ImageReading()
      for fit in ImageFit.allCases {
        reading.fit = fit
        let set = try ImageSet.read(path, reading: reading, expecting: .mnist)
        #expect(set.width == 28 && set.height == 28 && set.tensor().elements.contains { $0 > 0 }, "\(fit)")
      }
    }
  }
}
