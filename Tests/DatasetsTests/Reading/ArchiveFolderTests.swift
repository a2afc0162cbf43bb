import Testing

@testable import Datasets

@Suite("Folders of images in a ZIP")
struct ArchiveFolderTests {
  private func png(_ value: UInt8, side: Int = 2) throws -> [UInt8] {
    try PNGFile.encode(GreyPicture(width: side, height: side, bytes: .init(repeating: value, count: side * side)))
  }

  private func read(_ files: [(name: String, bytes: [UInt8])], part: DataPart = .training) throws -> ImageSet {
    let scratch = try Scratch()
    return try ImageSet.read(scratch.write("digits.zip", LabelTests.archive(files)), part: part)
  }

  @Test(
    "Sub-folders are classes, whatever lies around and beside them",
    arguments: ["", "digits/", "a/b/", "/", "../../", "./"])
  func classes(above: String) throws {
    let set = try read([
      ("\(above)10/1.png", png(40)), ("\(above)9/", []), ("\(above)9/10.PNG", png(30)), ("\(above)9/2.png", png(20)),
      ("__MACOSX/._digits", [0, 5]), ("__MACOSX/\(above)9/._2.png", [0, 5]), ("\(above)9/._2.png", [0, 5]),
      ("\(above)9/empty.png", []), ("\(above)notes.txt", [65]),
    ])
    #expect(set.classNames == ["9", "10"] && set.labels == [0, 0, 1] && set.name.hasSuffix("digits.zip"))
    #expect((0..<3).map { set.bytes(at: $0)[0] } == [20, 30, 40])
    #expect(set.notes.count == 1, "\(set.notes)")
    #expect(set.notes.first?.contains("left out 2 entries: 1 ._ file, 1 empty file") == true, "\(set.notes)")
  }

  @Test("Pictures without folders have no classes; train and test are halves; arrays are arrays")
  func others() throws {
    for above in ["", "digits/"] {
      let set = try read([("\(above)2.png", png(2)), ("\(above)10.png", png(10))])
      #expect(set.labels == nil && (0..<2).map { set.bytes(at: $0)[0] } == [2, 10])
      // One folder around everything is no class, which is said.
      #expect(set.notes.contains { $0.contains("the one folder digits,") } == !above.isEmpty, "\(set.notes)")
    }
    let halves = try ["train", "test"].enumerated().flatMap { half, name in
      try ["a", "b"].enumerated().map { ("set\\\(name)\\\($1)\\1.png", try png(UInt8(20 + 50 * half + 10 * $0))) }
    }
    #expect(try read(halves).bytes(at: 1)[0] == 30 && read(halves, part: .test).bytes(at: 0)[0] == 70)
    #expect(try read(halves, part: .test).part == .test)
    #expect(try read([("images.npy", NPY.encode([200], shape: [1, 1, 1])), ("a.png", png(90))]).bytes(at: 0) == [200])
  }

  /// Two splits of EMNIST, as its archive holds them.
  private func splits(_ above: String = "gzip/") throws -> [(name: String, bytes: [UInt8])] {
    ["letters", "digits"].enumerated().flatMap { split, name in
      ["train", "test"].enumerated().flatMap { half, part in
        let stem = "\(above)emnist-\(name)-\(part)"
        let images = idx([2, 1, 2], [UInt8(10 * split + half), 200, 0, 100])
        return [
          ("\(stem)-images-idx3-ubyte.gz", deflated(images, gzip: true)),
          ("\(stem)-labels-idx1-ubyte.gz", deflated(idx([2], [1, 26]), gzip: true)),
        ]
      }
    }
  }

  @Test("IDX files in a ZIP are read as those of a folder are, with the labels beside them")
  func published() throws {
    for above in ["", "MNIST/raw/", "a/b/"] {
      let files = try splits(above).filter { $0.name.contains("letters") } + [("\(above)more/notes.txt", [65])]
      let set = try read(files, part: .test)
      #expect(set.part == .test && set.count == 2 && set.width == 1 && set.height == 2, "\(above)")
      #expect(set.bytes(at: 0) == [1, 200] && set.labels.map { $0.map(set.className) } == ["a", "z"])
      #expect(set.notes.contains { $0.contains("put upright") })
    }
    let several = try #require(failure { _ = try read(splits()) })
    #expect(several.kind == .unknown && several.problem.contains("emnist-digits-train") == true)
    #expect(several.remedy?.contains("digits.zip/gzip/emnist-") == true)
  }

  @Test("What is in an archive is named by its path in it")
  func members() throws {
    let scratch = try Scratch()
    let pictures = try [("set/a/1.png", png(1)), ("set/a/2.png", png(2)), ("set/b/1.png", png(3))]
    let archive = try scratch.write("digits.zip", LabelTests.archive(splits() + pictures))
    let letters = try ImageSet.read("\(archive)/gzip/emnist-letters-train-images-idx3-ubyte.gz")
    #expect(letters.bytes(at: 0) == [0, 200] && letters.labels.map { $0.map(letters.className) } == ["a", "z"])
    #expect(try ImageSet.read("\(archive)/set/b/1.png").bytes(at: 0)[0] == 3)
    #expect(try ImageSet.read("\(archive)/set").classNames == ["a", "b"])
    #expect(try ImageSet.read("\(archive)/set/a").count == 2)
    #expect(DataLibrary.file(of: "\(archive)/set") == archive && DataLibrary.file(of: archive) == nil)
    #expect(DataLibrary.file(of: "\(scratch.path)/none/set") == nil && DataLibrary.file(of: "-") == nil)
    let missing = failure { _ = try ImageSet.read("\(archive)/set/c") }
    #expect(missing?.kind == .missing && missing?.problem.contains("not in the archive") == true)
    let plain = try scratch.write("plain.png", png(1))
    #expect(failure { _ = try ImageSet.read("\(plain)/x") }?.kind == .unreadable)
  }

  @Test("Names of an archive that are not UTF-8 stay different")
  func brokenNames() throws {
    var bytes = try LabelTests.archive([("caf?.png", png(10)), ("caf!.png", png(20))])
    for (mark, code) in [("caf?", 0x82), ("caf!", 0x81)] as [(String, UInt8)] {
      while let range = bytes.firstRange(of: Array(mark.utf8)) { bytes[range.upperBound - 1] = code }
    }
    let scratch = try Scratch()
    let set = try ImageSet.read(scratch.write("digits.zip", bytes))
    #expect((0..<set.count).map { set.bytes(at: $0)[0] } == [20, 10])
  }

  @Test("What holds no pictures is called what it is, and a damaged picture by its place")
  func unreadable() throws {
    let torch = failure { _ = try read([("archive/data.pkl", [0x80, 2]), ("archive/data/0", [1])]) }
    #expect(torch?.problem.contains("PyTorch") == true && torch?.remedy?.contains("numpy.savez") == true)
    #expect(failure { _ = try read([("notes.txt", [65])]) }?.problem.contains("neither arrays") == true)
    let cut = failure { _ = try read([("0/1.png", png(1)), ("1/2.png", Array(png(2).dropLast(30)))]) }
    #expect(cut?.place.hasSuffix("digits.zip/1/2.png") == true)
  }

  @Test("Pictures that are more than memory should hold together are refused in words")
  func total() throws {
    var total = PictureTotal(budget: 1 << 20)
    let picture = GreyPicture(width: 800, height: 800, bytes: .init(repeating: 1, count: 640_000))
    let large = try RawImages(picture, name: "p")
    _ = try total.adding(large)
    let error = failure { _ = try total.adding(large) }
    #expect(error?.kind == .tooLarge && error?.problem.contains("1 MiB") == true)
  }
}
