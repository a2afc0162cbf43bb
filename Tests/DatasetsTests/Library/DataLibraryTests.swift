import Testing

@testable import Datasets

@Suite("The library of data sets")
struct DataLibraryTests {
  @Test("It lists the published sets and strokes, and only strokes is there at first")
  func listing() throws {
    let scratch = try Scratch()
    let entries = DataLibrary(directory: scratch.path).list()
    #expect(entries.map(\.name) == ["mnist", "fashion-mnist", "kmnist", "strokes"])
    #expect(entries.filter(\.isAvailable).map(\.name) == ["strokes"])
  }

  @Test("A set that is not here says how to get it; an unknown name lists the known ones")
  func missing() throws {
    let scratch = try Scratch()
    let library = DataLibrary(directory: scratch.path)
    let missing = try #require(failure { _ = try library.open("kmnist") })
    #expect(missing.kind == .missing && missing.remedy?.contains("zscope data get kmnist") == true)
    let unknown = try #require(failure { _ = try library.open("minst") })
    #expect(unknown.kind == .unknown && unknown.remedy?.contains("fashion-mnist") == true)
    #expect(failure { _ = try library.get("strokes") }?.problem.contains("built in") == true)
    #expect(failure { _ = try library.get("minst") }?.kind == .unknown)
  }

  @Test("A name tells what the images will have: halves, classes and factors, in every version and half-rotated")
  func rows() throws {
    for name in ["strokes", "strokes-1", "strokes-rotated", "strokes-1-rotated"] {
      let set = try #require(NamedSet(askedBy: name))
      #expect(set.isDrawn && set.count(of: .training) == 60_000 && set.count(of: .test) == 10_000)
      let images = try DataLibrary.open(name, count: 20)
      #expect(images.everyClassName.count == set.classes)
      #expect(images.factors.map(\.name) == NamedSet.factorNames(ofDataNamed: name))
    }
    for name in NamedSet.names(fetched: true) {
      let set = try #require(NamedSet(askedBy: "\(name)-rotated"))
      #expect(!set.isDrawn && set.count(of: .training) == 60_000 && set.count(of: .test) == 10_000)
    }
    // What a model is told where nobody says is a factor that the data have.
    for name in NamedSet.namesWithAttribute {
      #expect(NamedSet.factorNames(ofDataNamed: name).contains(where: NamedSet.standardAttributes.contains), "\(name)")
    }
    #expect(NamedSet.names(fetched: true) + NamedSet.names(fetched: false) == NamedSet.names())
    #expect(NamedSet(askedBy: "strokes-9") == nil && NamedSet(askedBy: "digits-rotated") == nil)
  }

  @Test("A path opens what is there, and a count takes the first so many")
  func path() throws {
    let scratch = try Scratch()
    let path = try scratch.write("a-images-idx3-ubyte", idx([3, 2, 2], Array(0..<12)))
    #expect(try DataLibrary.open(path).count == 3)
    #expect(try DataLibrary.open(path, count: 2).tensor().elements.count == 8)
  }

  @Test("MNIST from a folder is checked, kept and opened by name", .enabled(if: mnistFolder != nil))
  func mnist() throws {
    let scratch = try Scratch()
    let library = DataLibrary(directory: scratch.path)
    let folder = try library.get("mnist", from: mnistFolder)
    #expect(folderContents(folder).count == 4)
    #expect(library.list()[0].path == folder)
    #expect(try library.open("mnist").count == 60_000)
    let test = try library.open("mnist", part: .test, count: 100)
    #expect(test.name == "mnist" && test.count == 100 && test.labels?.first == 7)
  }
}
