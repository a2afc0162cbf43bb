import Glibc
import Tensors
import Testing

@testable import Datasets

@Suite("Folders of images")
struct FolderTests {
  private func png(_ value: UInt8, side: Int = 2) throws -> [UInt8] {
    try PNGFile.encode(GreyPicture(width: side, height: side, bytes: .init(repeating: value, count: side * side)))
  }

  @Test("Pictures come in the order people count, whatever the case of their endings; what is none is counted")
  func skipping() throws {
    let scratch = try Scratch()
    for number in [10, 9, 1, 2] { _ = try scratch.write("digit\(number).PNG", png(UInt8(number))) }
    _ = try scratch.write("._digit1.PNG", [0, 5, 0x16, 7])
    _ = try scratch.write("digit3.png", [])
    _ = try scratch.write("digit4.png", Array("not a picture".utf8))
    _ = try scratch.write("notes.txt", Array("hello".utf8))
    symlink("nowhere", "\(scratch.path)/digit5.png")
    mkdir("\(scratch.path)/digit6.png", 0o777)
    mkfifo("\(scratch.path)/digit7.png", 0o666)
    let set = try ImageSet.read(scratch.path)
    #expect((0..<set.count).map { set.bytes(at: $0)[0] } == [1, 2, 9, 10])
    #expect(set.notes.count == 1)
    let note = try #require(set.notes.first)
    for word in [
      "left out 6", "1 ._ file", "1 empty file", "1 dangling link", "1 folder", "1 special file", "another kind",
    ] {
      #expect(note.contains(word), "\(note)")
    }
  }

  @Test("A damaged picture is an error with its name, not an entry left out")
  func damaged() throws {
    let scratch = try Scratch()
    _ = try scratch.write("1.png", png(1))
    let path = try scratch.write("2.png", Array(png(2).dropLast(30)))
    #expect(failure { _ = try ImageSet.read(scratch.path) }?.place == path)
  }

  @Test("Sub-folders are classes, and train and test are halves of them")
  func classes() throws {
    let scratch = try Scratch()
    for (part, base) in [("train", 10), ("test", 20)] {
      for (index, name) in ["cat", "dog", "10", "9"].enumerated() {
        try makeFolder("\(scratch.path)/\(part)/\(name)")
        for number in 0..<(index + 1) {
          try writeAtomically(png(UInt8(base + index)), to: "\(scratch.path)/\(part)/\(name)/\(number).png")
        }
      }
      try makeFolder("\(scratch.path)/\(part)/empty")
      try makeFolder("\(scratch.path)/\(part)/.git")
    }
    let set = try ImageSet.read(scratch.path)
    #expect(set.classNames == ["9", "10", "cat", "dog"] && set.labels == [0, 0, 0, 0, 1, 1, 1, 2, 3, 3])
    #expect(set.bytes(at: 0)[0] == 13)
    let test = try ImageSet.read(scratch.path, part: .test)
    #expect(test.bytes(at: 0)[0] == 23 && test.part == .test && set.part == .training)
    let one = try ImageSet.read("\(scratch.path)/train")
    #expect(one.digest == set.digest && one.part == nil)
    let both = ["\(scratch.path)/train", scratch.path]
    #expect(try ImageSet.read(both).part == nil && ImageSet.read([scratch.path, scratch.path]).part == .training)
    var reading = ImageReading()
    reading.readsLabels = false
    #expect(try ImageSet.read(scratch.path, reading: reading).labels == nil)
  }

  @Test("Pictures further down than is read are counted, and where the first of them lie is said")
  func deeper() throws {
    let scratch = try Scratch()
    for (index, path) in ["flat/1", "flat/a/b/2", "flat/a/b/c/3", "set/x/1", "set/y/1", "set/y/old/1"].enumerated() {
      try makeFolder("\(scratch.path)/\(folderName(path))")
      _ = try scratch.write("\(path).png", png(UInt8(index)))
    }
    symlink("..", "\(scratch.path)/flat/a/b/loop")
    let flat = try ImageSet.read("\(scratch.path)/flat")
    #expect(flat.count == 1 && flat.notes.count == 1)
    #expect(flat.notes[0].contains("2 pictures in folders that are not read, as in a/b"), "\(flat.notes)")
    let set = try ImageSet.read("\(scratch.path)/set")
    #expect(set.classNames == ["x", "y"] && set.count == 2)
    #expect(set.notes.first?.contains("1 picture in folders that are not read, as in y/old") == true, "\(set.notes)")
    // Of train and test the other is no stray; a third folder is.
    for path in ["halves/train/x/1", "halves/train/y/1", "halves/test/x/1", "halves/test/y/1", "halves/extra/1"] {
      try makeFolder("\(scratch.path)/\(folderName(path))")
      _ = try scratch.write("\(path).png", png(1))
    }
    let halves = try ImageSet.read("\(scratch.path)/halves")
    #expect(halves.count == 2 && halves.notes.first?.contains("left out 1 entry") == true, "\(halves.notes)")
    #expect(halves.notes.first?.contains("as in extra") == true)
  }

  @Test("Strays beside classes and pictures of other kinds are counted; a lone train folder is looked into")
  func strays() throws {
    let scratch = try Scratch()
    for name in ["a", "b"] {
      try makeFolder("\(scratch.path)/set/train/\(name)")
      try writeAtomically(png(9), to: "\(scratch.path)/set/train/\(name)/1.png")
    }
    _ = try scratch.write("set/train/montage.png", png(7, side: 5))
    _ = try scratch.write("set/train/x.bmp", [66, 77])
    for path in ["set", "set/train"] {
      let set = try ImageSet.read("\(scratch.path)/\(path)")
      #expect(set.count == 2 && set.classNames == ["a", "b"] && set.notes.count == 1)
      let note = try #require(set.notes.first)
      #expect(note.contains("left out 2 entries") && note.contains("1 .bmp file") && note.contains("1 picture beside"))
    }
    #expect(failure { _ = try ImageSet.read("\(scratch.path)/set", part: .test) }?.kind == .missing)
  }

  @Test("Names that are not UTF-8 are opened as they are, and written with the bytes that are no characters")
  func brokenNames() throws {
    let scratch = try Scratch()
    func bytes(_ parts: [UInt8]...) -> [CChar] { (parts.flatMap(\.self) + [0]).map { CChar(bitPattern: $0) } }
    let (path, e, u) = (Array("\(scratch.path)/caf".utf8), [0xe9] as [UInt8], [0xfc] as [UInt8])
    let ending = Array(".png".utf8)
    // Two that a repair would make one, one that is written as another is, and a class.
    let folder = bytes(path, e)
    let files = [
      bytes(path, e, ending), bytes(path, u, ending), bytes(path, Array("\\xe9".utf8), ending),
      bytes(path, e, Array("/1".utf8), ending), bytes(path, e, Array("/".utf8), u, ending),
    ]
    #expect(mkdir(folder, 0o777) == 0)
    defer {
      for file in files { unlink(file) }
      rmdir(folder)
    }
    for (index, file) in files.enumerated() {
      let descriptor = open(file, O_CREAT | O_WRONLY, 0o600)
      defer { close(descriptor) }
      try png(UInt8(10 + index)).withUnsafeBytes { try writeAll($0, to: descriptor, path: "file \(index)") }
    }
    let set = try ImageSet.read(scratch.path)
    #expect(Set((0..<set.count).map { set.bytes(at: $0)[0] }) == [10, 11, 12])
    #expect(set.notes.contains { $0.contains("2 pictures in sub-folders") }, "\(set.notes)")
    for file in files[..<3] { #expect(unlink(file) == 0) }
    let classes = try ImageSet.read(scratch.path)
    #expect(classes.classNames == ["caf\\xe9"] && classes.count == 2 && classes.labels == [0, 0])
    let descriptor = open(files[3], O_WRONLY | O_TRUNC)
    try Array(png(1).dropLast(30)).withUnsafeBytes { try writeAll($0, to: descriptor, path: "1.png") }
    close(descriptor)
    #expect(failure { _ = try ImageSet.read(scratch.path) }?.place == "\(scratch.path)/caf\\xe9/1.png")
  }

  @Test("A name as text keeps what is UTF-8, and tells the rest apart")
  func nameTexts() {
    let texts: [([UInt8], String)] = [
      (Array("é😀.png".utf8), "é😀.png"), ([0x61, 0xff, 0x62], "a\\xffb"), ([0xc3], "\\xc3"),
      ([0xc3, 0xa9, 0xc3], "é\\xc3"), ([0xe2, 0x82, 0x41], "\\xe2\\x82A"),
      ([0xed, 0xa0, 0x80], "\\xed\\xa0\\x80"), ([], ""), ([0x80, 0x0a], "\\x80\n"),
    ]
    for (bytes, text) in texts { #expect(NameText.text(of: bytes) == text) }
  }

  @Test("Two data sets in one folder are named, and none is taken")
  func twoSets() throws {
    let scratch = try Scratch()
    for name in ["FashionMNIST", "MNIST"] {
      try makeFolder("\(scratch.path)/\(name)/raw")
      _ = try scratch.write("\(name)/raw/train-images-idx3-ubyte", idx([1, 1, 1], [9]))
    }
    let error = failure { _ = try ImageSet.read(scratch.path) }
    #expect(error?.kind == .unknown)
    for name in ["FashionMNIST/raw", "/MNIST/raw"] { #expect(error?.problem.contains(name) == true) }
  }

  @Test("Digits in names count as numbers")
  func naturalOrder() {
    let names = ["", "a", "a1", "a01", "a2", "a2b", "a10", "a100", "b", "img9.png", "img10.png", "img010b.png"]
    for (i, first) in names.enumerated() {
      for (j, second) in names.enumerated() {
        if i != j {
          #expect(naturallyPrecedes(first, second) != naturallyPrecedes(second, first), "\(first) \(second)")
        }
      }
      #expect(!naturallyPrecedes(first, first))
    }
    #expect(["x10", "x9", "x1", "x02"].sorted(by: naturallyPrecedes) == ["x1", "x02", "x9", "x10"])
    #expect(naturallyPrecedes("99999999999999999999998", "99999999999999999999999"), "beyond any integer")
  }

  @Test(
    "The published files are found under every name they are kept by",
    arguments: [
      "train-images-idx3-ubyte", "train-images.idx3-ubyte", "emnist-mnist-train-images-idx3-ubyte",
      "qmnist-train-images-idx3-ubyte", "raw/train-images-idx3-ubyte", "MNIST/raw/train-images-idx3-ubyte",
    ])
  func publishedNames(name: String) throws {
    for packed in [false, true] {
      let scratch = try Scratch()
      try makeFolder(folderName("\(scratch.path)/\(name)"))
      func write(_ name: String, _ bytes: [UInt8]) throws {
        _ = try scratch.write(packed ? name + ".gz" : name, packed ? deflated(bytes, gzip: true) : bytes)
      }
      try write(name, idx([3, 2, 2], (0..<12).map { $0 * 20 }))
      let labels = name.replacing("images", with: "labels").replacing("idx3", with: "idx1")
      if name.hasPrefix("qmnist") {
        var values = [Int32](repeating: Int32(99).bigEndian, count: 24)
        for row in 0..<3 { values[row * 8] = Int32(4 + row).bigEndian }
        var table = idx([3, 8], bytes(values))
        table[2] = 0x0C
        try write("qmnist-train-labels-idx2-int", table)
      } else {
        try write(labels, idx([3], [4, 5, 6]))
      }
      let set = try ImageSet.read(scratch.path)
      #expect(set.labels == [4, 5, 6] && set.part == .training)
      if name.hasPrefix("emnist") {
        #expect(set.bytes(at: 0) == [0, 40, 20, 60] && set.notes.contains { $0.contains("upright") })
      } else {
        #expect(set.bytes(at: 0) == [0, 20, 40, 60])
      }
      #expect(failure { _ = try ImageSet.read(scratch.path, part: .test) }?.kind == .missing)
    }
  }

  @Test("EMNIST's letters have names, and a folder of all its splits asks which one is meant")
  func letters() throws {
    let scratch = try Scratch()
    for split in ["letters", "digits"] {
      _ = try scratch.write("emnist-\(split)-test-images-idx3-ubyte", idx([2, 1, 1], [1, 2]))
      _ = try scratch.write("emnist-\(split)-test-labels-idx1-ubyte", idx([2], [1, 26]))
    }
    let letters = try ImageSet.read("\(scratch.path)/emnist-letters-test-images-idx3-ubyte")
    #expect(letters.labels == [1, 26] && letters.className(1) == "a" && letters.className(26) == "z")
    let error = failure { _ = try ImageSet.read(scratch.path, part: .test) }
    #expect(error?.kind == .unknown && error?.problem.contains("emnist-letters-test") == true)
  }

  /// A disk on which the folder `b` may not be read.
  private struct Refusing: FolderTree {
    let disk = DiskFolders()
    func contents(_ path: String) throws -> [String] {
      guard !path.hasSuffix("/b") else { throw readingError(path, EACCES) }
      return try disk.contents(path)
    }
    func isFolder(_ path: String) throws -> Bool { try disk.isFolder(path) }
    func isLink(_ path: String) -> Bool { disk.isLink(path) }
    func isFile(_ path: String) throws -> Bool { try disk.isFile(path) }
    func problem(_ path: String) throws -> String? { try disk.problem(path) }
    func read(_ path: String, look: (_ head: [UInt8], _ size: Int?) throws -> FileExtent) throws -> [UInt8] {
      try disk.read(path, look: look)
    }
  }

  @Test("A class that may not be read is an error with its name: the others keep their numbers")
  func refused() throws {
    let scratch = try Scratch()
    for name in ["a", "b", "c"] {
      try makeFolder("\(scratch.path)/\(name)")
      _ = try scratch.write("\(name)/1.png", png(1))
    }
    #expect(try PictureFolder(scratch.path, part: .training).classNames == ["a", "b", "c"])
    let error = failure { _ = try PictureFolder(scratch.path, part: .training, in: Refusing()) }
    #expect(error?.kind == .unreadable && error?.place == "\(scratch.path)/b")
    #expect(isAbsence(ENOENT) && isAbsence(ELOOP) && !isAbsence(EACCES) && !isAbsence(EIO))
  }

  @Test("What may not be looked into refuses no pictures that it has no part in, and is told")
  func refusedBeside() throws {
    let scratch = try Scratch()
    for path in [
      "halves/train/x/1", "halves/train/y/1", "halves/test/x/1", "halves/test/y/1", "halves/b/1", "lone/train/x/1",
      "lone/train/y/1", "lone/b/1", "classes/x/1", "classes/y/1", "classes/y/b/1", "flat/1", "flat/b/1",
    ] {
      try makeFolder("\(scratch.path)/\(folderName(path))")
      _ = try scratch.write("\(path).png", png(1))
    }
    for (name, count) in [("halves", 2), ("lone", 2), ("classes", 2), ("flat", 1)] {
      let folder = try PictureFolder("\(scratch.path)/\(name)", part: .training, in: Refusing())
      #expect(folder.pictures.count == count && folder.classNames == (count == 2 ? ["x", "y"] : []), "\(name)")
      let note = try #require(folder.note)
      #expect(note.contains("1 folder that may not be looked into, as \(name == "classes" ? "y/b" : "b")"), "\(note)")
    }
  }

  @Test("Images of a folder that may not be listed are read without labels, and that is told")
  func unlisted() throws {
    let scratch = try Scratch()
    try makeFolder("\(scratch.path)/b")
    let path = try scratch.write("b/train-images-idx3-ubyte", idx([2, 1, 1], [1, 2]))
    let raw = try #require(
      try FileReading(reading: ImageReading(), expected: nil, part: .training).published(path, in: Refusing()))
    #expect(raw.count == 2 && raw.labels == nil)
    #expect(raw.notes == ["the labels beside it are left out (cannot be read (Permission denied))"], "\(raw.notes)")
  }

  @Test("Pictures of two sizes are told apart by name, or made to fit")
  func sizes() throws {
    let scratch = try Scratch()
    _ = try scratch.write("1.png", png(1))
    let second = try scratch.write("2.png", png(2, side: 3))
    let error = try #require(failure { _ = try ImageSet.read(scratch.path) })
    #expect(error.place == second && error.problem.contains("3×3") && error.problem.contains("2×2"))
    var reading = ImageReading()
    reading.fit = .crop
    #expect(try ImageSet.read(scratch.path, reading: reading).width == 28, "as large as MNIST unless said")
    reading.shape = ImageShape("2x2")
    #expect(try ImageSet.read(scratch.path, reading: reading).bytes(at: 1) == [2, 2, 2, 2])
  }
}
